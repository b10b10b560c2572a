#include "collectors/wire/domain_message.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "collectors/wire/host_name.h"
#include "daemon/core/ascii.h"

namespace changtong::wire {
namespace {

constexpr std::uint16_t class_in = 1;
constexpr std::size_t longest_label = 63;
constexpr std::size_t most_read = 4096;    ///< records of one message
constexpr std::size_t most_aliases = 16;   ///< CNAMEs that are followed
constexpr std::size_t most_pointers = 64;  ///< in one name; a name of 255 bytes has no use for more

constexpr std::array<std::pair<record_type, std::string_view>, 8> types{{{record_type::a, "A"},
                                                                         {record_type::aaaa, "AAAA"},
                                                                         {record_type::mx, "MX"},
                                                                         {record_type::ns, "NS"},
                                                                         {record_type::soa, "SOA"},
                                                                         {record_type::txt, "TXT"},
                                                                         {record_type::cname, "CNAME"},
                                                                         {record_type::ptr, "PTR"}}};

/** What stands in a message at `at`; every reading says whether it was there. */
class reader {
 public:
  reader(bytes whole, std::size_t at) : whole_(whole), at_(at) {}

  [[nodiscard]] bool past_end() const { return past_end_; }
  [[nodiscard]] std::size_t at() const { return at_; }
  void jump(std::size_t at) { at_ = at; }

  std::optional<std::uint8_t> byte() {
    if (!there(1)) return std::nullopt;
    return whole_[at_++];
  }
  std::optional<std::uint16_t> word() {
    if (!there(2)) return std::nullopt;
    at_ += 2;
    return get16(whole_.data() + at_ - 2);
  }
  std::optional<std::uint32_t> number() {
    if (!there(4)) return std::nullopt;
    at_ += 4;
    return get32(whole_.data() + at_ - 4);
  }
  std::optional<bytes> take(std::size_t count) {
    if (!there(count)) return std::nullopt;
    at_ += count;
    return whole_.subspan(at_ - count, count);
  }

  /** Lower case, labels joined by dots, bytes that belong to no host name as `\DDD`. Each pointer leads to before
   * where the part that holds it began, so that no name is endless. */
  std::optional<std::string> name() {
    std::string out;
    std::size_t length = 1, part_began = at_, after = 0, jumps = 0;
    while (true) {
      const auto first = byte();
      if (!first) return std::nullopt;
      if (*first == 0) break;
      if (*first >= 0xc0) {
        const auto low = byte();
        if (!low) return std::nullopt;
        const std::size_t to = (static_cast<std::size_t>(*first & 0x3fU) << 8U) | *low;
        if (to >= part_began || ++jumps > most_pointers) return std::nullopt;
        if (after == 0) after = at_;
        at_ = part_began = to;
        continue;
      }
      if (*first > longest_label || (length += 1U + *first) > longest_domain_name) return std::nullopt;
      const auto label = take(*first);
      if (!label) return std::nullopt;
      append(out, *label);
    }
    if (after != 0) at_ = after;
    return out;
  }

 private:
  bool there(std::size_t count) {
    if (count <= whole_.size() - at_) return true;
    past_end_ = true;
    return false;
  }
  static void append(std::string& out, bytes label) {
    if (!out.empty()) out += '.';
    for (const std::uint8_t b : label) {
      const char c = ascii::lower(static_cast<char>(b));
      if (b > 0x20 && b < 0x7f && c != '.' && c != '\\')
        out += c;
      else
        out += fmt::format("\\{:03}", b);
    }
  }

  bytes whole_;
  std::size_t at_;
  bool past_end_ = false;
};

struct raw_record {
  std::string owner;
  std::uint16_t type = 0, of_class = 0;
  std::size_t at = 0, length = 0;  ///< its data
};

std::optional<raw_record> read_record(reader& from) {
  raw_record r;
  auto owner = from.name();
  if (!owner) return std::nullopt;
  r.owner = std::move(*owner);
  const auto type = from.word(), of_class = from.word();
  const auto ttl = from.number();
  const auto length = from.word();
  if (!type || !of_class || !ttl || !length) return std::nullopt;
  r.type = *type;
  r.of_class = *of_class;
  r.at = from.at();
  r.length = *length;
  if (!from.take(r.length)) return std::nullopt;
  return r;
}

std::optional<std::string> address_text(bytes data, bool v6) {
  if (data.size() != (v6 ? 16U : 4U)) return std::nullopt;
  ip_address a;
  a.v6 = v6;
  std::ranges::copy(data, a.bytes.begin());
  return to_string(a);
}

std::optional<std::string> joined_strings(bytes data) {
  std::string out;
  for (std::size_t i = 0; i < data.size();) {
    const std::size_t length = data[i++];
    if (length > data.size() - i) return std::nullopt;
    out.append(reinterpret_cast<const char*>(data.data()) + i, length);
    i += length;
  }
  return out;
}

/** The name at the beginning of a record's data, which must end within them; `left` bytes follow it. */
std::optional<std::string> name_in(bytes whole, const raw_record& r, std::size_t skip, std::size_t left) {
  if (r.length < skip) return std::nullopt;
  reader from(whole, r.at + skip);
  auto name = from.name();
  if (!name || from.at() + left != r.at + r.length) return std::nullopt;
  return name->empty() ? "." : name;
}

std::optional<record_texts> soa_texts(bytes whole, const raw_record& r) {
  reader from(whole, r.at);
  auto primary = from.name();
  if (!primary || !from.name()) return std::nullopt;
  const auto serial = from.number();
  if (!serial || from.at() + 16 != r.at + r.length) return std::nullopt;
  if (primary->empty()) primary = ".";
  const std::string number = std::to_string(*serial);
  return record_texts{*primary + " " + number, *primary, number};
}

std::optional<record_texts> texts_of(bytes whole, const raw_record& r) {
  const auto single = [](std::optional<std::string> text) -> std::optional<record_texts> {
    if (!text) return std::nullopt;
    return record_texts{std::move(*text)};
  };
  const bytes data = whole.subspan(r.at, r.length);
  switch (static_cast<record_type>(r.type)) {
    case record_type::a:
      return single(address_text(data, false));
    case record_type::aaaa:
      return single(address_text(data, true));
    case record_type::ns:
    case record_type::cname:
    case record_type::ptr:
      return single(name_in(whole, r, 0, 0));
    case record_type::txt:
      return single(joined_strings(data));
    case record_type::soa:
      return soa_texts(whole, r);
    case record_type::mx:
      const auto name = name_in(whole, r, 2, 0);
      if (!name) return std::nullopt;
      return record_texts{fmt::format("{}:{}", get16(data.data()), *name), *name};
  }
  return std::nullopt;
}

/** The name whose records answer the question: the one that was asked, or what its CNAMEs lead to. */
std::optional<std::string> answering_name(bytes whole, const domain_reply_head& head,
                                          const std::vector<raw_record>& all) {
  std::string name = head.name;
  if (head.type == static_cast<std::uint16_t>(record_type::cname)) return name;
  for (std::size_t hops = 0; hops < most_aliases; ++hops) {
    const auto alias = std::ranges::find_if(all, [&](const raw_record& r) {
      return r.type == static_cast<std::uint16_t>(record_type::cname) && r.owner == name;
    });
    if (alias == all.end()) return name;
    reader from(whole, alias->at);
    auto next = from.name();
    if (!next) return std::nullopt;
    name = std::move(*next);
  }
  return name;
}

std::optional<domain_reply_head> read_head(reader& from, std::uint16_t& answers) {
  domain_reply_head h;
  const auto id = from.word(), flags = from.word(), questions = from.word(), count = from.word();
  if (!id || !flags || !questions || !count || !from.number() || *questions > 1) return std::nullopt;
  h.id = *id;
  h.response = (*flags & 0xf800U) == 0x8000U;
  h.authoritative = (*flags & 0x0400U) != 0;
  h.truncated = (*flags & 0x0200U) != 0;
  h.recursion = (*flags & 0x0080U) != 0;
  h.code = static_cast<std::uint8_t>(*flags & 0xfU);
  answers = *count;
  if (*questions == 0) return h;
  auto name = from.name();
  const auto type = from.word(), of_class = from.word();
  if (!name || !type || !of_class) return std::nullopt;
  h.repeats = true;
  h.name = std::move(*name);
  h.type = *type;
  h.of_class = *of_class;
  return h;
}

domain_fault fault_of(const reader& from) {
  return from.past_end() ? domain_fault::cut_short : domain_fault::malformed;
}

}  // namespace

std::string_view name_of(record_type type) {
  const auto at = std::ranges::find(types, type, &std::pair<record_type, std::string_view>::first);
  return at == types.end() ? std::string_view() : at->second;
}

std::optional<record_type> record_type_named(std::string_view text) {
  const std::string wanted = ascii::lower(text);
  for (const auto& [type, name] : types)
    if (ascii::same_word(name, wanted)) return type;
  return std::nullopt;
}

std::optional<std::string> domain_name(std::string_view written) {
  if (written == ".") return std::string();
  if (written.ends_with('.')) written.remove_suffix(1);
  auto name = host_name(written);
  if (!name) return std::nullopt;
  for (std::size_t begin = 0; begin <= name->size();) {
    const std::size_t end = std::min(name->find('.', begin), name->size());
    if (end == begin || end - begin > longest_label) return std::nullopt;
    begin = end + 1;
  }
  return name;
}

std::string reverse_name(const ip_address& address) {
  std::string out;
  for (std::size_t i = address.v6 ? 16 : 4; i-- > 0;) {
    const unsigned b = address.bytes[i];
    out += address.v6 ? fmt::format("{:x}.{:x}.", b & 0xfU, b >> 4U) : fmt::format("{}.", b);
  }
  return out + (address.v6 ? "ip6.arpa" : "in-addr.arpa");
}

std::size_t write_domain_question(std::array<std::uint8_t, longest_domain_question>& out, std::uint16_t id,
                                  const domain_question& q) {
  std::uint8_t* p = out.data();
  put16(p, id);
  put16(p + 2, q.recursive ? 0x0100 : 0);
  put16(p + 4, 1);
  put16(p + 6, 0);
  put32(p + 8, 0);
  std::size_t at = domain_header;
  for (std::size_t begin = 0; begin < q.name.size();) {
    const std::size_t end = std::min(q.name.find('.', begin), q.name.size());
    p[at++] = static_cast<std::uint8_t>(end - begin);
    while (begin < end) p[at++] = static_cast<std::uint8_t>(q.name[begin++]);
    ++begin;
  }
  p[at++] = 0;
  put16(p + at, static_cast<std::uint16_t>(q.type));
  put16(p + at + 2, class_in);
  return at + 4;
}

std::optional<domain_reply_head> read_domain_head(bytes message) {
  reader from(message, 0);
  std::uint16_t answers = 0;
  return read_head(from, answers);
}

std::variant<domain_reply, domain_fault> read_domain_reply(bytes message) {
  reader from(message, 0);
  std::uint16_t answers = 0;
  auto head = read_head(from, answers);
  if (!head) return fault_of(from);
  domain_reply out{.head = std::move(*head), .records = {}};
  if (out.head.code != 0 || out.head.truncated || !out.head.repeats) return out;
  std::vector<raw_record> all;
  for (std::size_t i = 0; i < std::min<std::size_t>(answers, most_read); ++i) {
    auto r = read_record(from);
    if (!r) return fault_of(from);
    if (r->of_class == class_in) all.push_back(std::move(*r));
  }
  const auto name = answering_name(message, out.head, all);
  if (!name) return domain_fault::malformed;
  for (const raw_record& r : all) {
    if (r.type != out.head.type || r.owner != *name) continue;
    auto texts = texts_of(message, r);
    if (!texts) return domain_fault::malformed;
    if ((out.more = out.records.size() == most_records)) break;
    out.records.push_back(std::move(*texts));
  }
  return out;
}

std::string domain_code_name(std::uint8_t code) {
  static constexpr std::array<std::string_view, 6> known{"NOERROR",  "FORMERR", "SERVFAIL",
                                                         "NXDOMAIN", "NOTIMP",  "REFUSED"};
  return code < known.size() ? std::string(known[code]) : fmt::format("RCODE {}", code);
}

}  // namespace changtong::wire
