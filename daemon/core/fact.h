#pragma once
/** Numbers that come with answers: fact.def lists them, fact_table.h says how each of them is told. */
#include <cstdint>
#include <string>

namespace changtong {

/** The unit is part of the name where it is not obvious; fact.def says it. */
enum class fact_name : std::uint8_t {
#define FACT(name, of, unit, least, metric, label, field, zero) name,
#include "daemon/core/fact.def"
#undef FACT
};

/** `index` tells interfaces apart, else 0: the ifIndex; of one that goes by a name (interface_wish) a number above 2^31
 * that is the name's own, whatever ifIndex it has. */
struct fact {
  fact_name name;
  std::uint32_t index;
  std::int64_t value;  ///< of a counter (fact_unit) its 64 bits, which have no sign
};
/** What a check may bring. */
struct fact_place {
  fact_name name;
  std::uint32_t index = 0;
  std::string called{};  ///< an interface that goes by a name: that
};

}  // namespace changtong
