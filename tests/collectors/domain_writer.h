#pragma once
/** DNS messages as a server writes them, by hand: right ones, and wrong ones on purpose. */
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace changtong::test {

class domain_writer {
 public:
  struct flags {
    bool response = true, authoritative = false, truncated = false, recursion = true;
    unsigned code = 0;
  };
  explicit domain_writer(std::uint16_t id, flags f) {
    word(id);
    word((f.response ? 0x8000U : 0) | (f.authoritative ? 0x400U : 0) | (f.truncated ? 0x200U : 0) | 0x100U |
         (f.recursion ? 0x80U : 0) | f.code);
    for (int i = 0; i < 4; ++i) word(0);
  }
  explicit domain_writer(std::uint16_t id) : domain_writer(id, flags{}) {}
  domain_writer& question(std::string_view name, unsigned type) {
    bump(4);
    this->name(name);
    word(type);
    word(1);
    return *this;
  }
  /** `data` as it stands. */
  domain_writer& record(std::string_view owner, unsigned type, const std::string& data, unsigned of_class = 1) {
    bump(6);
    name(owner);
    word(type);
    word(of_class);
    word(0);
    word(60);
    word(static_cast<unsigned>(data.size()));
    out_ += data;
    return *this;
  }
  /** Names that begin with `@` are a pointer to that offset. */
  domain_writer& name(std::string_view text) {
    out_ += wire_name(text);
    return *this;
  }
  static std::string wire_name(std::string_view text) {
    std::string out;
    if (text.starts_with('@')) {
      const unsigned to = 0xc000U | static_cast<unsigned>(std::stoul(std::string(text.substr(1))));
      return {static_cast<char>(to >> 8U), static_cast<char>(to & 0xffU)};
    }
    for (std::size_t begin = 0; begin < text.size();) {
      const std::size_t end = std::min(text.find('.', begin), text.size());
      out += static_cast<char>(end - begin);
      out += text.substr(begin, end - begin);
      begin = end + 1;
    }
    return out + '\0';
  }
  domain_writer& word(unsigned v) {
    out_ += static_cast<char>(v >> 8U & 0xffU);
    out_ += static_cast<char>(v & 0xffU);
    return *this;
  }
  domain_writer& raw(std::string_view bytes) {
    out_ += bytes;
    return *this;
  }
  [[nodiscard]] std::vector<std::uint8_t> bytes() const { return {out_.begin(), out_.end()}; }

 private:
  void bump(std::size_t at) { ++out_[at + 1]; }
  std::string out_;
};

}  // namespace changtong::test
