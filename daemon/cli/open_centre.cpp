#include "daemon/cli/open_centre.h"

#include <utility>

#include "daemon/core/log.h"

namespace changtong {
namespace {

constexpr std::chrono::seconds patience{60};  // nobody waits for a person's command but that person

}  // namespace

boost::system::result<open_centre, problems> opened_centre(const std::string& config) {
  log::set_level(log::level::warn);
  auto loaded = load_centre(config, real_surroundings({}));
  if (!loaded) return loaded.error();
  auto books = centre::archive::open_to_read(
      {.connect = loaded->value.database, .password = loaded->value.database_password, .patience = patience});
  if (!books) return problems{.list = {books.error()}, .what = books.error().what};
  return open_centre{.settings = std::move(loaded->value), .books = std::move(*books)};
}

}  // namespace changtong
