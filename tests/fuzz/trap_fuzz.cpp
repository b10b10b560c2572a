/** Every byte string as a trap: whatever is read stays inside its bounds, its text is plain and short, and an inform's
 * answer is as long as the message. */
#include <cstdlib>

#include "collectors/wire/trap.h"
#include "daemon/core/plain_text.h"
#include "daemon/traps/letter.h"
#include "daemon/traps/v3_letters.h"

using namespace changtong;

namespace {
void must(bool held) {
  if (!held) std::abort();
}
void look_at(const wire::trap_message& t) {
  must(!t.trap.empty() && t.count <= wire::trap_message::most_bindings);
  for (const std::size_t most : {std::size_t{8}, std::size_t{60}, std::size_t{300}}) {
    const std::string text = wire::trap_text(t, most);
    must(text.size() <= most && !first_odd(text));
  }
  static_cast<void>(wire::trap_number(t, "1.3.6.1"));
  static_cast<void>(traps::record_of(t));
}
}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const wire::bytes all{data, size};
  if (const auto bare = wire::read_trap(all)) look_at(*bare);
  static_cast<void>(wire::dotted(all));
  const auto e = wire::read_trap_envelope(all);
  if (e && e->version == 3) {
    static traps::v3_letters letters(traps::identity_of("node", wall_from_ms(1'800'000'000'000), mono_t{}));
    static const bool known = (letters.adopt({{.name = "open", .keys = {}}}), true);
    static_cast<void>(known);
    const traps::letter l = letters.read(all, {.address = {}, .port = 162}, mono_t{});
    must(l.refused || !l.record.trap.empty());
  }
  if (!e || e->version == 3) return 0;
  must(e->end <= size && e->pdu_at <= e->end);
  if (const auto t = wire::read_trap(e->pdu)) {
    look_at(*t);
    must(wire::inform_answer(all, *e).size() == e->end);
  }
  static_cast<void>(traps::read_community_letter(all, *e, 162, {secret("public")}));
  return 0;
}
