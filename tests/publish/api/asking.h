#pragma once
/** Asks the API's routes as the server would, without one. */
#include <boost/json.hpp>
#include <cstdlib>
#include <fstream>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <thread>

#include "tests/publish/api/district.h"

namespace changtong::api {

struct asking {
  asking() {
    d.publish();
    start();
    figures_ready();  // its thread then rests for longer than a test takes: the district may be changed
  }
  /** Anew, with nothing opened or computed yet. */
  void start() {
    all.clear();
    made = std::make_unique<service>(d.all_sources());
    all = made->routes();
    for (auto& r : made->page_routes(true)) all.push_back(std::move(r));
  }
  /** The route that the server would choose. */
  [[nodiscard]] web_response ask(const std::string& method, const std::string& path,
                                 std::multimap<std::string, std::string> query = {},
                                 std::multimap<std::string, std::string> headers = {}, std::string body = {}) const {
    const web_route* best = nullptr;
    for (const web_route& r : all) {
      if (r.matches(path) && r.method == method && (best == nullptr || r.length() > best->length())) best = &r;
    }
    const auto answer =
        best->answer({method, path, std::move(query), std::move(headers), std::move(body), peer, vouched});
    keep(*best, answer);
    return answer;
  }
  /** Where CHANGTONG_ANSWERS names a file, every answer becomes a line of it: tests/publish/answers holds them all to
   * openapi.json. */
  static void keep(const web_route& by, const web_response& answer) {
    const char* file = std::getenv("CHANGTONG_ANSWERS");
    if (file == nullptr) return;
    std::ofstream(file, std::ios::app) << boost::json::object{{"method", by.method},
                                                              {"path", by.ending.empty()
                                                                           ? by.path
                                                                           : by.path + "{id}" + by.ending},
                                                              {"status", answer.status},
                                                              {"type", answer.content_type},
                                                              {"body", answer.body}}
                                       << '\n';
  }
  [[nodiscard]] boost::json::value json(const std::string& path,
                                        std::multimap<std::string, std::string> query = {}) const {
    const auto answer = ask("GET", path, std::move(query));
    EXPECT_EQ(answer.status, 200) << answer.body;
    return boost::json::parse(answer.body);
  }
  [[nodiscard]] web_response post(const std::string& authorization) const {
    std::multimap<std::string, std::string> headers;
    if (!authorization.empty()) headers.emplace("authorization", authorization);
    return ask("POST", "/api/v1/reload", {}, headers);
  }
  /** As the person with this token. */
  [[nodiscard]] web_response post_as(const std::string& token, const std::string& path, std::string body) const {
    return ask("POST", path, {}, {{"authorization", "Bearer " + token}}, std::move(body));
  }
  /** Waits for the thread that computes today's figures. */
  void figures_ready() const {
    while (!made->has_figures()) std::this_thread::yield();
  }

  district d;
  std::string peer = "192.0.2.7";
  std::optional<std::string> vouched;  ///< whom a trusted proxy names
  std::unique_ptr<service> made;
  std::vector<web_route> all;
};

}  // namespace changtong::api
