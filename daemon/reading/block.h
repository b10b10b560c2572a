#pragma once
/** A YAML mapping with a fixed set of keys: unknown and duplicate keys are found at once, values are read with their
 * bounds, and every refusal goes to `findings` with its place. */
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/core/instant.h"
#include "daemon/reading/place.h"
#include "daemon/reading/yaml.h"

namespace changtong::reading {

/** What a list of texts may be, and what is said of one that is none and of a member that is no text. */
struct list_rules {
  std::size_t least = 0, most = 0;  ///< members
  std::size_t most_bytes = 128;     ///< of each
  phrase no_list, no_text;
};

class block {
 public:
  /** `name`: what the block is called in messages; as_written(key) for one that goes by its key. */
  /** `discreet` blocks hold secrets: a stray word in them is not quoted. `node`, `file` and `found` must outlive it. */
  enum class tone { open, discreet };
  block(const yaml_node& node, phrase name, std::string_view file, findings& found,
        const std::vector<std::string_view>& keys, tone t = tone::open);
  /** A mapping whose keys are names that people choose (categories, credentials): nothing is unknown. */
  static block of_names(const yaml_node& node, std::string_view name, std::string_view file, findings& found);

  struct member {
    std::string_view key;
    const yaml_node* key_node;
    const yaml_node* value;
  };
  [[nodiscard]] const std::vector<member>& members() const { return members_; }
  /** Null if it is absent or says nothing. */
  [[nodiscard]] const yaml_node* find(std::string_view key) const;
  [[nodiscard]] place at(const yaml_node& node) const { return {file_, node.line, node.column}; }
  [[nodiscard]] place begin() const { return at(*node_); }
  /** Where the key's value stands; the block's beginning if it is absent. */
  [[nodiscard]] place at(std::string_view key) const;

  /** One line of valid text, at most `most` bytes, not empty. */
  [[nodiscard]] std::optional<stated<std::string>> text(std::string_view key, std::size_t most = 256) const;
  /** Each one line of valid text, not empty, without the blanks around it. Nothing where the key is absent. */
  [[nodiscard]] std::vector<stated<std::string>> texts(std::string_view key, const list_rules& rules) const;
  [[nodiscard]] std::optional<stated<milliseconds>> duration(std::string_view key, milliseconds low,
                                                             milliseconds high) const;
  [[nodiscard]] std::optional<stated<std::uint64_t>> whole(std::string_view key, std::uint64_t low,
                                                           std::uint64_t high) const;
  /** Something in it was not understood, so what seems to be missing may only be misspelt. */
  [[nodiscard]] bool strange() const { return strange_; }
  /** It is said where the key is missing or has no value. */
  void require(std::string_view key, std::string_view example) const;
  void error(const place& where, phrase text) const { found_->error(where, std::move(text)); }

 private:
  block(const yaml_node& node, phrase name, std::string_view file, findings& found);
  void read_members();
  void refuse_unknown(const std::vector<std::string_view>& keys, tone t);

  const yaml_node* node_;
  phrase name_;
  std::string_view file_;
  findings* found_;
  std::vector<member> members_;
  bool strange_ = false;
};

}  // namespace changtong::reading
