// Whose passwords an office's directory knows: accounts.ldap.
#include <algorithm>

#include "daemon/accounts/roles.h"
#include "daemon/core/url.h"
#include "daemon/host/directory.h"
#include "daemon/settings/draft.h"
#include "daemon/settings/names.h"

namespace changtong::reading {
namespace {

constexpr std::size_t most_roles = 64, longest_dn = 1024;

class directory_reader {
 public:
  directory_reader(const block& from, std::string_view file, const surroundings& world, findings& found)
      : from_(from), file_(file), world_(world), found_(found) {}

  directory_settings read() {
    where();
    who();
    roles();
    return std::move(out_);
  }

 private:
  void where() {
    from_.require("url", "url: ldaps://ldap.example.gov.cn");
    if (const auto url = from_.text("url", 512)) {
      const auto parts = url_origin_of(url->value);
      const bool fine = parts && !parts->user && !parts->host.empty() && (parts->rest.empty() || parts->rest == "/") &&
                        (parts->scheme == "ldaps" || parts->scheme == "ldap");
      if (!fine)
        from_.error(url->at, {"url 应为 ldaps://主机[:端口]，或 ldap://主机[:端口]（随即转入 TLS）",
                              "url is ldaps://HOST[:PORT], or ldap://HOST[:PORT], which begins TLS at once"});
      out_.url = url->value;
    }
    const auto ca = from_.text("ca", 1024);
    if (!ca) return;
    out_.ca_file = beside(file_, ca->value);
    if (const auto read = world_.read(out_.ca_file); !read)
      from_.error(ca->at, both("ca {} 读不到：{}", "ca {} cannot be read: {}", out_.ca_file, words_of(read.error())));
  }

  std::string pattern(std::string_view key, std::string_view example) {
    const auto text = from_.text(key, longest_dn);
    if (!text) return {};
    const std::size_t first = text->value.find("{user}");
    if (host::directory_attribute(text->value).empty() || text->value.find("{user}", first + 1) != std::string::npos)
      from_.error(text->at, both("{0} 应写一处 属性={{user}}，如 {1}", "{0} holds ATTRIBUTE={{user}} once, such as {1}",
                                 key, example));
    return text->value;
  }

  /** Either the name stands in everybody's DN, or they are looked for. */
  void who() {
    const bool looked_for =
        from_.find("base") != nullptr || from_.find("filter") != nullptr || from_.find("bind_dn") != nullptr;
    if (looked_for == (from_.find("user_dn") != nullptr)) {
      if (!from_.strange())
        from_.error(from_.begin(), {"请写 user_dn，或写 base、filter、bind_dn 和 bind_password（_file），二者取一",
                                    "write either user_dn, or base, filter, bind_dn and bind_password (_file)"});
      return;
    }
    out_.user_dn = pattern("user_dn", "uid={user},ou=people,dc=example,dc=gov,dc=cn");
    if (!looked_for) return;
    from_.require("base", "base: ou=people,dc=example,dc=gov,dc=cn");
    from_.require("filter", "filter: (uid={user})");
    from_.require("bind_dn", "bind_dn: cn=reader,dc=example,dc=gov,dc=cn");
    if (const auto base = from_.text("base", longest_dn)) out_.base = base->value;
    out_.filter = pattern("filter", "(uid={user})");
    if (const auto dn = from_.text("bind_dn", longest_dn)) out_.bind_dn = dn->value;
    out_.bind_password = read_secret(from_, "bind_password", world_, found_);
  }

  void roles() {
    const yaml_node* node = from_.find("roles");
    if (node == nullptr) return;
    if (!is_list(*node, "roles", file_, found_)) return;
    if (node->children.size() > most_roles)
      return from_.error(from_.at(*node), both("roles 超过 {} 项", "more than {} entries in roles", most_roles));
    for (const yaml_node& one : node->children)
      role(block(one, {"一项 roles", "an entry of roles"}, file_, found_, {"user", "group", "roles"}));
  }

  void role(const block& one) {
    directory_role r;
    if (const auto user = one.text("user", 64)) r.user = user->value;
    if (const auto group = one.text("group", longest_dn)) r.group = group->value;
    if (r.user.empty() == r.group.empty() && !one.strange())
      one.error(one.begin(),
                {"每项写 user（姓名）或 group（组的 DN）之一", "each has either user, a name, or group, a DN"});
    one.require("roles", "roles: [operator]");
    const list_rules rules{
        .least = 1,
        .most = accounts::role_names.size(),
        .most_bytes = 32,
        .no_list = {"roles 应为列表，如 [operator, approver]", "roles is a list: [operator, approver]"},
        .no_text = {"roles 的各项是角色的名字", "each of roles is the name of a role"}};
    for (const auto& word : one.texts("roles", rules)) r.roles += (r.roles.empty() ? "" : ",") + word.value;
    if (r.roles.empty()) return;
    if (const auto may = accounts::roles_in(r.roles); !may)
      one.error(one.at("roles"), words_of(may.error()));
    else
      r.roles = accounts::text_of(*may);
    out_.roles.push_back(std::move(r));
  }

  const block& from_;
  std::string_view file_;
  const surroundings& world_;
  findings& found_;
  directory_settings out_;
};

}  // namespace

void read_accounts(config_draft& into, const yaml_node& node, const surroundings& world, findings& found) {
  const std::string_view file = into.root.file;
  const block accounts(node, as_written("accounts"), file, found, {"ldap"});
  const yaml_node* ldap = accounts.find("ldap");
  if (ldap == nullptr) return;
  const block from(
      *ldap, as_written("ldap"), file, found,
      {"url", "ca", "user_dn", "base", "filter", "bind_dn", "bind_password", "bind_password_file", "roles"},
      block::tone::discreet);
  into.value.directory = std::make_shared<const directory_settings>(directory_reader(from, file, world, found).read());
}

}  // namespace changtong::reading
