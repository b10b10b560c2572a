#pragma once
/** What a DNS check asks and what it expects, and whether an answer is that. No socket, no clock. */
#include <string>
#include <string_view>
#include <vector>

#include "collectors/collector.h"
#include "collectors/wire/domain_message.h"

namespace changtong {

struct dns_settings : check_settings {
  static constexpr std::size_t most_expected = 32;
  wire::domain_question what;         ///< recursive: recursion is desired; otherwise the answer must be authoritative
  std::vector<std::string> expected;  ///< as wire::record_texts have them; empty: any record will do
  bool any_of_them = false;           ///< some of what is expected is enough, as long as nothing else comes
  bool by_tcp = false;
  std::uint16_t port = 53;
  [[nodiscard]] std::vector<fact_place> facts() const override;
};

/** Of a datagram or segment that came: is it the answer to our question at all? */
enum class dns_match : std::uint8_t {
  answers,   ///< it is, good or bad
  another,   ///< a message, but to another question
  illegible  ///< no message of which this could be said
};
[[nodiscard]] dns_match match(const dns_settings& settings, std::uint16_t id, wire::bytes message);

struct dns_finding {
  outcome what = outcome::bad;
  cause why = cause::none;
  std::int64_t records = 0;
  std::string detail;      ///< Chinese and English; good answers: the records
  bool truncated = false;  ///< nothing is judged yet: it is to be asked by TCP
};
/** Of a message that `match` says answers. */
[[nodiscard]] dns_finding judge(const dns_settings& settings, wire::bytes message);

/** The arguments of the kind `dns`. */
[[nodiscard]] result<std::shared_ptr<const check_settings>> parse_dns(const kind_arguments& arguments);

}  // namespace changtong
