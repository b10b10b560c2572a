#pragma once
/** DNS messages (RFC 1035, 3596): one question out, and of what comes back the records that answer it. Pure; any bytes
 * are safe: names are read once each with a bound, a compression pointer must lead backwards, records are counted. */
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "collectors/wire/bytes.h"
#include "daemon/core/address.h"

namespace changtong::wire {

enum class record_type : std::uint16_t { a = 1, ns = 2, cname = 5, soa = 6, ptr = 12, mx = 15, txt = 16, aaaa = 28 };

/** `A`, `AAAA`, …, in capitals; empty for a number that is none of them. */
[[nodiscard]] std::string_view name_of(record_type type);
/** In any case; the inverse. */
[[nodiscard]] std::optional<record_type> record_type_named(std::string_view text);

struct domain_question {
  std::string name;  ///< lower case, without the last dot, labels of 1 to 63 bytes; empty: the root
  record_type type = record_type::a;
  bool recursive = true;  ///< recursion is desired
};

inline constexpr std::size_t domain_header = 12, longest_domain_name = 255;
inline constexpr std::size_t longest_domain_question = domain_header + longest_domain_name + 4;

/** A name as people write it (Chinese ones too, a last dot or none) as domain_question has it; empty: it is none. */
[[nodiscard]] std::optional<std::string> domain_name(std::string_view written);
/** The name that an address is looked up by, `1.2.0.192.in-addr.arpa`. */
[[nodiscard]] std::string reverse_name(const ip_address& address);

/** `q.name` is one that domain_name gave. Returns the length. */
std::size_t write_domain_question(std::array<std::uint8_t, longest_domain_question>& out, std::uint16_t id,
                                  const domain_question& q);

/** One record as texts, the longest first: all of it, then what of it people know it by. A and AAAA: the address; NS,
 * CNAME, PTR: the name; MX: `10:mail.example.cn` and the name; SOA: `name serial`, the name, the serial number; TXT:
 * its strings joined, as bytes. */
using record_texts = std::vector<std::string>;

struct domain_reply_head {
  std::uint16_t id = 0;
  bool response = false;       ///< an answer, and to a plain query
  bool authoritative = false;  ///< AA
  bool truncated = false;      ///< TC: what follows the question is not to be used
  bool recursion = false;      ///< RA
  std::uint8_t code = 0;       ///< RCODE: 0 no error, 3 no such name
  bool repeats = false;        ///< the question is in it
  std::string name;            ///< of that question, as domain_question has it, odd bytes as `\DDD`
  std::uint16_t type = 0, of_class = 0;
};

struct domain_reply {
  domain_reply_head head;
  /** Those of the question's type and class at its name, CNAMEs followed; at most `most_records`, in order of coming.
   */
  std::vector<record_texts> records;
  bool more = false;  ///< there were more
};
inline constexpr std::size_t most_records = 128;

enum class domain_fault : std::uint8_t {
  cut_short,  ///< it ends before what it announces
  malformed,  ///< it contradicts itself
};

/** Without the answers; nothing if not even that can be read. */
[[nodiscard]] std::optional<domain_reply_head> read_domain_head(bytes message);
/** Answers are read only where there are some to use: no error, not truncated. */
[[nodiscard]] std::variant<domain_reply, domain_fault> read_domain_reply(bytes message);

/** `SERVFAIL`, `REFUSED`, …; `RCODE 17` for one without a name. */
[[nodiscard]] std::string domain_code_name(std::uint8_t code);

}  // namespace changtong::wire
