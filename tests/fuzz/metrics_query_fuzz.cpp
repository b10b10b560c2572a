// What a scraper writes into its request: shard, groups to leave out, accepted forms. Lines of the input, in this
// order.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "daemon/publish/metrics/page.h"

namespace {

using namespace changtong;

struct world {
  world() {
    auto inv = std::make_shared<inventory>();
    for (const char* id : {"T1", "V1", "V2"}) {
      target t;
      t.id = id;
      t.category = "village";
      inv->add(std::move(t));
    }
    boards.set(std::make_shared<board>(std::move(inv)));
  }
  board_holder boards;
  daemon_tallies tallies;
  metrics::page page{{.boards = &boards,
                      .tallies = &tallies,
                      .kinds = {"icmp"},
                      .version = "0",
                      .ignored = {},
                      .books = {},
                      .evaluation = {},
                      .without = {}}};
};

std::string take_line(std::string_view& rest) {
  const std::string_view line = rest.substr(0, rest.find('\n'));
  rest.remove_prefix(std::min(line.size() + 1, rest.size()));
  return std::string(line);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  static world w;
  std::string_view rest(reinterpret_cast<const char*>(bytes), size);
  web_request asked{.method = "GET", .path = "/metrics", .query = {}, .headers = {}, .body = {}};
  asked.query.emplace("shard", take_line(rest));
  asked.query.emplace("without", take_line(rest));
  asked.headers.emplace("accept", take_line(rest));
  asked.headers.emplace("accept-encoding", take_line(rest));
  const web_response answer = w.page.answer(asked);
  if (answer.status == 400) return 0;
  std::string chunk;
  while (answer.stream(chunk)) {
    if (chunk.empty()) std::abort();  // an empty piece would end a chunked answer in the middle
    chunk.clear();
  }
  return 0;
}
