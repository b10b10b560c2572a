#include "collectors/snmp_detail.h"

#include <algorithm>
#include <array>
#include <vector>

#include "daemon/core/phrase.h"

namespace changtong {
namespace {

namespace columns = snmp_columns;
using wire::snmp_oddity;

struct words {
  std::string_view cn, en;
};

/** By snmp_oddity. */
constexpr std::array<words, static_cast<std::size_t>(snmp_oddity::count)> oddities{{
    {"应答的 SNMP 版本不同", "of another SNMP version"},
    {"团体字与所问不同", "another community"},
    {"不是 Response 报文", "no Response PDU"},
    {"报文之后有多余字节", "bytes behind the message"},
    {"使用不定长编码", "indefinite lengths"},
    {"报头整数编码不规范", "odd integers in the header"},
    {"部分内容无法解读", "a part that cannot be read"},
    {"报文过长，只读了开头", "too long, only its beginning was read"},
    {"对象名编码不规范", "oddly encoded names"},
    {"含有未问及的对象", "objects that were not asked for"},
    {"对象次序不同", "objects in another order"},
    {"对象重复", "repeated objects"},
    {"值的类型不符", "values of a wrong type"},
    {"数值编码不规范", "oddly encoded numbers"},
    {"计数器为空（长度 0）", "numbers without bytes"},
    {"数值超出含义范围", "numbers without a meaning"},
    {"来自其他地址或端口（any_source=no 可拒绝）", "from another address or port, which any_source=no would refuse"},
    {"此前 tooBig，已减少所问项目", "asked for less after tooBig"},
    {"只有 32 位流量计数器", "octet counters of 32 bits only"},
}};

/** RFC 3416; by number. */
constexpr std::array<std::string_view, 19> error_names{"noError",
                                                       "tooBig",
                                                       "noSuchName",
                                                       "badValue",
                                                       "readOnly",
                                                       "genErr",
                                                       "noAccess",
                                                       "wrongType",
                                                       "wrongLength",
                                                       "wrongEncoding",
                                                       "wrongValue",
                                                       "noCreation",
                                                       "inconsistentValue",
                                                       "resourceUnavailable",
                                                       "commitFailed",
                                                       "undoFailed",
                                                       "authorizationError",
                                                       "notWritable",
                                                       "inconsistentName"};

constexpr std::int64_t authorization_error = 16;

/** Below authPriv: an agent's view may be granted to a higher level only. */
bool asks_below_highest(const snmp_access& who) { return who.is_v3() && who.level != "authPriv"; }

class sentence {
 public:
  void add(const phrase& part) {
    if (!whole_.empty()) {
      whole_.cn += "；";
      whole_.en += "; ";
    }
    whole_.cn += part.cn;
    whole_.en += part.en;
  }
  [[nodiscard]] std::string text() const { return whole_.empty() ? std::string() : to_string(whole_); }

 private:
  phrase whole_;
};

phrase error_phrase(std::int64_t status) {
  const auto n = static_cast<std::uint64_t>(status);
  const std::string_view name = n < error_names.size() ? error_names[n] : std::string_view("?");
  return both("error-status {}（{}）", "error-status {} ({})", status, name);
}

template <class Missing>
void add_interfaces(sentence& to, const std::vector<asked_interface>& interfaces, std::size_t asked,
                    const Missing& missing) {
  for (std::size_t k = 0; k < interfaces.size(); ++k) {
    std::size_t of = 0, gone = 0;
    for (std::size_t c = 0; c < columns::names.size(); ++c) {
      const std::size_t at = columns::place(c, k, interfaces.size());
      if (at >= asked) break;
      ++of;
      gone += missing[at] ? 1 : 0;
    }
    if (gone > 0)
      to.add(both("ifIndex {}：{} 项中缺 {} 项", "ifIndex {}: of {} values {} are missing", interfaces[k].index, of,
                  gone));
  }
}

}  // namespace

std::size_t snmp_details::hash::operator()(const key& k) const {
  std::uint64_t h = std::hash<std::bitset<wire::snmp_answer::most>>{}(k.missing);
  for (const std::uint64_t part : {std::uint64_t{k.request}, std::uint64_t{k.odd}, std::uint64_t{k.asked},
                                   static_cast<std::uint64_t>(k.error_status)})
    h = (h ^ part) * 0x9e3779b97f4a7c15ULL;
  return h ^ h >> 32U;
}

std::string_view snmp_details::of(const snmp_request_class& request, const snmp_question& asked,
                                  const wire::snmp_answer& a) {
  key k{request.number, a.odd.bits(), asked.objects.size(), a.error_status, {}};
  for (std::size_t i = 0; i < std::min(k.asked, columns::objects(request.interfaces.size())); ++i)
    if (a.values[i].what != wire::snmp_value::sort::number) k.missing.set(i);
  if (k.odd == 0 && k.error_status == 0 && k.missing.none()) return {};
  if (const auto found = made_.find(k); found != made_.end()) return found->second;
  sentence s;
  if (a.error_status != 0) s.add(error_phrase(a.error_status));
  if (a.error_status == authorization_error && asks_below_highest(*request.access))
    s.add({"级别太低，设备可能要求更高的安全级别", "the level is too low, the device may want a higher one"});
  if (k.missing[0]) s.add({"应答中没有 sysUpTime", "no sysUpTime in the answer"});
  add_interfaces(s, request.interfaces, k.asked, k.missing);
  for (std::size_t i = 0; i < oddities.size(); ++i)
    if (a.odd.has(static_cast<snmp_oddity>(i))) s.add({std::string(oddities[i].cn), std::string(oddities[i].en)});
  if (made_.size() >= most) made_.clear();
  return made_.emplace(k, s.text()).first->second;
}

}  // namespace changtong
