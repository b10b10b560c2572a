#pragma once
/** How a kind of declaration (core/declaration.h) becomes a file of the pack: which of its fields it has and in which
 * order. Names, and how a type of field is written, follow from its table. Pure. */
#include <algorithm>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "daemon/core/civil.h"
#include "daemon/core/csv.h"
#include "daemon/core/declaration.h"
#include "daemon/core/field_name.h"
#include "daemon/core/json.h"
#include "daemon/ledger/memory_tables.h"
#include "daemon/report/declared_list.h"

namespace changtong::audit {

/** CSV (RFC 4180), one row a record, `seq` first. A field that stands `if_any` came later than the file: it and the
 * columns behind it are there only where some record has it, so that packs from before stay byte for byte the same. */
template <class T>
class csv_paper {
 public:
  using row = ledger::declared_row<T>;

  explicit csv_paper(const civil_zone& zone) : zone_(zone) {
    known("seq", [](const row& r) { return std::to_string(r.seq); });
  }

  /** `heading`: where packs call it otherwise than the journal does. */
  csv_paper& of(field_name<T> field, std::string_view heading = {}) {
    each_field<T>([&](const auto& one) {
      if (one.name != field.text) return;
      if (one.stands == presence::if_any) {
        if (first_later_ == 0) first_later_ = columns_.size();
        later_.push_back([one](const row& r) { return says_something(one.of(r.what)); });
      }
      known(heading.empty() ? one.name : heading, [one, &zone = zone_](const row& r) {
        const bool silent = one.stands == presence::if_any && !says_something(one.of(r.what));
        return silent ? std::string() : report::cell_of(one.of(r.what), zone).plain;
      });
    });
    return *this;
  }
  /** What no record says of itself. */
  csv_paper& known(std::string_view heading, std::function<std::string(const row&)> text) {
    columns_.push_back({heading, std::move(text)});
    return *this;
  }

  [[nodiscard]] std::string text(const std::vector<row>& rows) const {
    const auto says_more = [&](const row& r) {
      return std::ranges::any_of(later_, [&](const auto& says) { return says(r); });
    };
    const bool all = first_later_ == 0 || std::ranges::any_of(rows, says_more);
    const std::size_t count = all ? columns_.size() : first_later_;
    std::string out;
    for (std::size_t i = 0; i < count; ++i) out += (i > 0 ? "," : "") + std::string(columns_[i].heading);
    out += "\r\n";
    for (const row& r : rows) {
      for (std::size_t i = 0; i < count; ++i) out += (i > 0 ? "," : "") + csv_field(columns_[i].text(r));
      out += "\r\n";
    }
    return out;
  }

 private:
  struct column {
    std::string_view heading;
    std::function<std::string(const row&)> text;
  };
  const civil_zone& zone_;
  std::vector<column> columns_;
  std::size_t first_later_ = 0;  ///< 0: no column came later
  std::vector<std::function<bool(const row&)>> later_;
};

/** The journal's JSON as it is where it is JSON, else as a string: it must not break the file around it. */
[[nodiscard]] std::string embedded(const std::string& text);

/** A JSON array, one object a record, `seq` first. */
template <class T>
std::string json_paper(const std::vector<ledger::declared_row<T>>& rows, const civil_zone& zone,
                       const std::vector<field_name<T>>& fields) {
  std::string all = "[";
  for (const auto& r : rows) {
    json_object o;
    o.add("seq", r.seq);
    for (const field_name<T>& field : fields)
      each_field<T>([&](const auto& one) {
        const auto& value = one.of(r.what);
        if (one.name != field.text || (one.stands == presence::if_any && !says_something(value))) return;
        const std::string plain = report::cell_of(value, zone).plain;
        if (one.stands == presence::as_json)
          o.add_raw(one.name, embedded(plain));
        else if constexpr (std::is_integral_v<std::remove_cvref_t<decltype(value)>>)
          o.add_raw(one.name, plain);
        else
          o.add(one.name, plain);
      });
    all += (all.size() > 1 ? ",\n" : "\n") + o.text();
  }
  return all + "\n]\n";
}

}  // namespace changtong::audit
