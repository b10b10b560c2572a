#pragma once
/** What `probe` saw, in words and units for people; and whom a word of theirs means. Pure. */
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/core/civil.h"
#include "daemon/core/fact_table.h"
#include "daemon/core/phrase.h"
#include "daemon/core/target.h"

namespace changtong {

/** The targets that a word names: the one with this id; else all with this name, unit, circuit, address or URL (a
 * site's host alone will do); else all whose name or unit has it in it. Anchors by id or address. */
[[nodiscard]] std::vector<const target*> targets_named(const inventory& inv, std::string_view word);

/** What people call it; its own name where it has no other. */
[[nodiscard]] phrase fact_words(fact_name n);

/** A fact as digits, a counter without a sign. */
[[nodiscard]] std::string value_text(const fact& f);

/** An ifOperStatus or ifAdminStatus; empty: RFC 2863 knows none such. */
[[nodiscard]] phrase interface_state(std::int64_t state);

/** `0.058 ms`, `12.3 ms`, `1250 ms` */
[[nodiscard]] std::string in_ms(nanoseconds length);
/** `1.2 GB（1234567890）` from 1,000 bytes on: powers of ten, as carriers count. */
[[nodiscard]] std::string in_bytes(std::int64_t bytes);

/** `运行时间 / up time: 12 天 3 小时 / 12 d 3 h`: a number with its name, unit and meaning; dates in `zone`, days left
 * counted from `now`. `called`: of an interface that goes by a name. */
[[nodiscard]] std::string told(const fact& f, const civil_zone& zone, wall_t now, std::string_view called = {});

}  // namespace changtong
