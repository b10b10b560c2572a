// The block `credentials`: who asks SNMP agents. v3 with authPriv is what is expected; anything weaker is said once.
#include <algorithm>
#include <array>
#include <optional>
#include <utility>
#include <vector>

#include "collectors/credential.h"
#include "daemon/reading/words.h"
#include "daemon/settings/draft.h"

namespace changtong::reading {
namespace {

constexpr std::array<std::string_view, 2> of_communities{"community", "community_file"};
constexpr std::array<std::string_view, 9> of_users{
    "user",   "level", "auth", "priv", "auth_password", "auth_password_file", "priv_password", "priv_password_file",
    "context"};

/** What makers call some of the words. */
constexpr std::array<std::pair<std::string_view, std::string_view>, 4> other_names{
    {{"SHA1", "SHA"}, {"SHA-1", "SHA"}, {"AES128", "AES"}, {"AES-128", "AES"}}};
constexpr std::size_t most_added = 4;  ///< bytes: what is longer than the word may hold more than a typing error

class credential_reader {
 public:
  credential_reader(const block& body, std::string name, const surroundings& world, findings& found)
      : body_(body), world_(world), found_(found) {
    made_.name = std::move(name);
  }

  credential read() {
    body_.require("version", "version: 3");
    const auto version = body_.text("version", 16);
    // What is wrong with it has been said once; the lines that name it shall not say it again.
    credential unusable;
    unusable.name = made_.name;
    unusable.version = "2c";
    unusable.community = secret("-");
    if (!version) return unusable;
    made_.version = version->value;
    if (version->value == "3") {
      with_user();
    } else if (version->value == "1" || version->value == "2c") {
      with_community();
    } else {
      wrong(version->at, {"version 应为 3、2c 或 1", "version is 3, 2c or 1"});
    }
    return is_wrong_ ? unusable : made_;
  }

  /** Empty where it is as safe as SNMP can be. */
  [[nodiscard]] phrase warning() const {
    if (is_wrong_) return {};
    if (made_.version != "3" && !made_.version.empty())
      return both(
          "凭据 '{0}' 使用 SNMP v{1}，团体字以明文传送：请改用 v3 authPriv，或只给只读权限，并在设备上限定本机地址",
          "credential '{0}' uses SNMP v{1}, which sends its community in clear text: use v3 authPriv, or give it "
          "read-only rights and restrict the agents to this host's address",
          made_.name, made_.version);
    if (made_.level == "noAuthNoPriv")
      return both("凭据 '{}' 的级别为 noAuthNoPriv，应答没有认证，谁都能伪造：请改用 authPriv",
                  "credential '{}' is of level noAuthNoPriv, whose answers anybody can forge: use authPriv",
                  made_.name);
    if (made_.level == "authNoPriv")
      return both("凭据 '{}' 的级别为 authNoPriv，内容以明文传送：请改用 authPriv",
                  "credential '{}' is of level authNoPriv, which hides nothing: use authPriv", made_.name);
    return {};
  }

 private:
  void wrong(const place& at, phrase text) {
    is_wrong_ = true;
    body_.error(at, std::move(text));
  }

  template <class Keys>
  void refuse(const Keys& keys, const phrase& why) {
    for (const std::string_view key : keys)
      if (body_.find(key) != nullptr)
        wrong(body_.at(key), both("{} 不属于 SNMP v{} 的凭据：{}", "{} is no part of a credential of SNMP v{}: {}", key,
                                  made_.version, why));
  }

  void with_community() {
    refuse(of_users, {"请写 version: 3", "write version: 3"});
    made_.community = read_secret(body_, "community", world_, found_);
    if (made_.community.empty())
      is_wrong_ = true;
    else if (made_.community.reveal().size() > 255)
      wrong(body_.at("community"), {"团体字超过 255 字节", "the community has more than 255 bytes"});
  }

  void with_user() {
    refuse(of_communities, {"请写 user、level 和口令", "write user, level and passwords"});
    body_.require("user", "user: changtong");
    const auto user = body_.text("user", 32);
    if (user) made_.user = user->value;
    is_wrong_ = is_wrong_ || !user;
    if (const auto context = body_.text("context", 255)) made_.context = context->value;
    const auto level = word("level", {"安全级别", "level"}, credential::level_words);
    if (!level && body_.find("level") != nullptr) return;  // nobody knows what else it needs
    made_.level = level.value_or("authPriv");
    const bool signs = made_.level != "noAuthNoPriv", hides = made_.level == "authPriv";
    read_half(signs, "auth", {"认证算法", "authentication algorithm"}, credential::auth_words, made_.auth,
              made_.auth_password);
    read_half(hides, "priv", {"加密算法", "cipher"}, credential::privacy_words, made_.priv, made_.priv_password);
  }

  /** An algorithm and its password, which a level has or has not. */
  template <class Words>
  void read_half(bool wanted, const std::string& key, const phrase& what, const Words& words, std::string& algorithm,
                 secret& password) {
    const std::string password_key = key + "_password";
    if (!wanted) {
      const std::array<std::string, 3> keys{key, password_key, password_key + "_file"};
      return refuse_in_level(keys);
    }
    body_.require(key, key == "auth" ? "auth: SHA-256" : "priv: AES");
    const auto name = word(key, what, words);
    algorithm = name.value_or("");
    password = read_secret(body_, password_key, world_, found_);
    is_wrong_ = is_wrong_ || !name || password.empty();
    const std::string_view stands = body_.find(password_key) != nullptr ? password_key : keys_file(password_key);
    if (!password.empty() && password.reveal().size() < credential::shortest_password)
      wrong(body_.at(stands), both("{} 不足 {} 字节：请换更长的口令（设备上也要改）",
                                   "{} is shorter than {} bytes: choose a longer one, on the devices too", password_key,
                                   credential::shortest_password));
  }
  std::string_view keys_file(const std::string& password_key) {
    file_key_ = password_key + "_file";
    return file_key_;
  }

  template <class Keys>
  void refuse_in_level(const Keys& keys) {
    for (const std::string_view key : keys)
      if (body_.find(key) != nullptr)
        wrong(body_.at(key),
              both("级别 {} 用不到 {}：请去掉它，或改用 level: authPriv",
                   "level {} has no use for {}: leave it out, or write level: authPriv", made_.level, key));
  }

  template <class Words>
  std::optional<std::string> word(std::string_view key, const phrase& what, const Words& words) {
    const auto t = body_.text(key, 32);
    if (!t) {
      if (body_.find(key) != nullptr) is_wrong_ = true;
      return std::nullopt;
    }
    if (std::ranges::find(words, t->value) != words.end()) return t->value;
    // Quoted only where it is all but one of the words: who mistakes the key may have written a password here.
    const std::vector<std::string_view> known(words.begin(), words.end());
    const auto other = std::ranges::find(other_names, t->value, &std::pair<std::string_view, std::string_view>::first);
    const std::string_view meant = other != other_names.end() ? other->second : nearest(t->value, known);
    if (!meant.empty() && t->value.size() <= meant.size() + most_added) {
      wrong(t->at,
            both("{} {} 无法识别：是否应为 '{}'？", "unknown {} {}: did you mean '{}'?", what, quote(t->value), meant));
      return std::nullopt;
    }
    wrong(t->at, both("{} 无法识别：{} 应为 {} 之一", "unknown {}: {} is one of {}", what, key, listed(words)));
    return std::nullopt;
  }

  const block& body_;
  const surroundings& world_;
  findings& found_;
  credential made_;
  std::string file_key_;
  bool is_wrong_ = false;
};

}  // namespace

void read_credentials(config_draft& into, const yaml_node& node, const surroundings& world, findings& found) {
  const std::string_view file = into.root.file;
  std::vector<std::string_view> keys{"version"};
  keys.insert(keys.end(), of_communities.begin(), of_communities.end());
  keys.insert(keys.end(), of_users.begin(), of_users.end());
  const block names = block::of_names(node, "credentials", file, found);
  for (const auto& m : names.members()) {
    if (const auto bad = bad_id(m.key)) {
      names.error(names.at(*m.key_node), both("凭据的名称{}", "the name of a credential: {}", *bad));
      continue;
    }
    const block body(*m.value, both("凭据 {}", "credential {}", m.key), file, found, keys, block::tone::discreet);
    credential_reader one(body, std::string(m.key), world, found);
    into.value.credentials.push_back(one.read());
    if (const phrase words = one.warning(); !words.empty()) found.warn(names.at(*m.key_node), words);
  }
}

}  // namespace changtong::reading
