#pragma once
/** The settings of a centre (`changtong serve --centre FILE`): which nodes ship their journals there, and where it
 * keeps them. Read as the daemon's are: all of it is usable, or every problem is told. Any thread. */
#include <optional>
#include <string>
#include <vector>

#include "daemon/settings/settings.h"

namespace changtong {

/** A node that ships here. */
struct centre_node {
  std::string name;  ///< plain text, at most 64 bytes; stands in the database, so that it is never changed
  secret token;      ///< of at least 16 bytes, another one for each node; empty: it ships by NATS alone
  /** Where its lines are, as figures are grouped; a node that names no district is one itself. */
  std::string district, city, province;
  /** With another one that watches the same lines it is one, by this name, which no node has; empty: a node for
   * itself. Both are of one place. */
  std::string pair{};
};

/** Who may read figures and how the nodes stand over HTTP. */
struct centre_reader {
  std::string name;  ///< what a browser asks for beside the token; `reader` for the one of `reader`
  secret token;
};

struct centre_file {
  std::string name{};  ///< of the centre, as its seals and its page say it; may be empty
  civil_zone zone;
  listen_address listen;
  tls_settings tls;
  std::string database;                   ///< as libpq has it, without a password
  secret database_password;               ///< may be empty
  std::optional<broker_settings> nats{};  ///< none: nodes ship over HTTP alone
  std::vector<centre_reader> readers;     ///< nobody else may; empty: nobody may
  std::vector<centre_node> nodes;
  std::string seal_key_file{};  ///< signs seals; a path relative to the working directory, made where it is not

  [[nodiscard]] std::vector<std::string> names() const {
    std::vector<std::string> out;
    for (const centre_node& n : nodes) out.push_back(n.name);
    return out;
  }
};

struct loaded_centre {
  centre_file value;
  std::vector<problem> warnings;  ///< in file order; usable all the same
};
[[nodiscard]] boost::system::result<loaded_centre, problems> load_centre(const std::string& path,
                                                                         const surroundings& from);

/** A problem, with what may be written instead, for a name that none of its nodes has: a pair's, or nobody's. */
[[nodiscard]] result<void> is_a_node(const centre_file& s, const std::string& name);

/** Whether the text of a settings file is meant for a centre, whatever else is wrong with it: it names a database or
 * readers, and none of what every daemon has. False for what is no YAML. */
[[nodiscard]] bool is_of_centre(const std::string& text);

/** For `changtong check`, as describe() of the daemon's settings is. */
[[nodiscard]] std::string describe(const loaded_centre& l, const std::string& path);

}  // namespace changtong
