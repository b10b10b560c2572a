#pragma once
/** The centre that a command's `--config` names: its settings, and a conversation with its database. */
#include <memory>
#include <string>

#include "daemon/centre/archive.h"
#include "daemon/settings/centre_file.h"

namespace changtong {

struct open_centre {
  centre_file settings;
  std::unique_ptr<centre::archive> books;
};
/** The problems are sentences for the terminal. */
[[nodiscard]] boost::system::result<open_centre, problems> opened_centre(const std::string& config);

}  // namespace changtong
