#pragma once
/** A server with a route of each sort, asked by a client of bytes. */
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "daemon/publish/http/server.h"
#include "tests/publish/http/client.h"

namespace changtong::http {

inline web_response text(std::string body) {
  web_response out;
  out.content_type = "text/plain; charset=utf-8";
  out.body = std::move(body);
  return out;
}

/** Three chunks, then the end. */
inline web_response three_chunks(const web_request&) {
  web_response out;
  out.stream = [n = 0](std::string& chunk) mutable {
    if (n < 3) chunk = "piece " + std::to_string(n) + "\n";
    return n++ < 3;
  };
  return out;
}

inline web_response endless(const web_request&) {
  web_response out;
  out.stream = [](std::string& chunk) {
    chunk.assign(32 * 1024, 'x');
    return true;
  };
  return out;
}

/** One chunk, and then what it reads from is gone. */
inline web_response breaking(const web_request&) {
  web_response out;
  out.stream = [n = 0](std::string& chunk) mutable {
    if (n++ > 0) throw std::runtime_error("the ledger is gone");
    chunk = "piece 0\n";
    return true;
  };
  return out;
}

/** More than the buffers of both sockets hold. */
inline constexpr std::size_t large = 32 << 20;

inline std::vector<web_route> routes() {
  return {
      {"GET", "/hello", [](const web_request& r) { return text("hello " + std::string(r.parameter("name"))); }},
      {"POST", "/echo", [](const web_request& r) { return text(r.body); }},
      {"POST", "/sheet", [](const web_request& r) { return text(std::to_string(r.body.size())); }, web_lane::entering,
       3 << 20},
      {.method = "POST",
       .path = "/ship",
       .answer = [](const web_request& r) { return text(std::to_string(r.body.size())); },
       .most_body = 3 << 20,
       .keeper = [](const web_request& head) -> std::optional<web_response> {
         if (head.header("authorization") == "Bearer ours") return std::nullopt;
         if (head.header("authorization").empty()) throw std::runtime_error("a bug");
         return problem_answer(401, "wrong_token", "", "");
       }},
      {"GET", "/chunks", three_chunks},
      {"GET", "/endless", endless},
      {"GET", "/breaking", breaking},
      {"GET", "/large", [](const web_request&) { return text(std::string(large, 'x')); }},
      {"GET", "/niceness",
       [](const web_request&) {
         return text(std::to_string(::getpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()))));
       }},
      {"GET", "/whoever",
       [](const web_request& r) { return text("<" + r.peer + "|" + r.vouched.value_or("nobody says") + ">"); }},
      {"GET", "/lines/", [](const web_request& r) { return text("line " + r.path.substr(7)); }},
      {"GET", "/lines/", [](const web_request&) { return text("recent"); }, web_lane::reading, 0, "/recent"},
      {"POST", "/lines/changes", [](const web_request&) { return text("changed"); }},
      {"GET", "/throws", [](const web_request&) -> web_response { throw std::runtime_error("a bug"); }},
  };
}

struct ServerTest : testing::Test {
  static server_options quick() {
    server_options o;
    o.port = 0;
    o.idle_timeout = milliseconds{300};
    o.stop_timeout = milliseconds{200};
    return o;
  }
  void serve(const server_options& o) { server_ = server::start(o, routes()).value(); }
  void SetUp() override {
    auto o = quick();
    o.idle_timeout = milliseconds{20'000};
    serve(o);
  }
  [[nodiscard]] std::string ask(const std::string& request) const {
    raw_client c(server_->port());
    c.send(request);
    return c.rest();
  }
  std::unique_ptr<server> server_;
};

inline constexpr const char* last = "Host: localhost\r\nConnection: close\r\n\r\n";

}  // namespace changtong::http
