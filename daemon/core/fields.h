#pragma once
/** A struct described once: its fields, what they are called in the journal, the API and files, and when they may be
 * left out. Who writes or reads such a struct walks its table (declaration.h) and knows only what a
 * type of field looks like in its own format. All of it is settled when the program is compiled. */
#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>
#include <tuple>
#include <variant>

namespace changtong {

/** How a field stands in text. */
enum class presence : std::uint8_t {
  always,   ///< written whatever it says, and missed where it is not there
  if_any,   ///< written only where it says something; not there means that it says nothing
  as_json,  ///< as `always`; it holds JSON text, which is a value of its own where an answer shows it
};

/** A member of a member: the edges of a period. */
template <class T, class M, class V>
struct inside {
  M T::* outer;
  V M::* inner;
  constexpr V& operator()(T& of) const { return (of.*outer).*inner; }
  constexpr const V& operator()(const T& of) const { return (of.*outer).*inner; }
};
template <class T, class M, class V>
inside(M T::*, V M::*) -> inside<T, M, V>;

template <class Place>
struct value_at;
template <class T, class V>
struct value_at<V T::*> {
  using type = V;
};
template <class T, class M, class V>
struct value_at<inside<T, M, V>> {
  using type = V;
};

/** One field of a struct. */
template <class Place>
struct field {
  using value = typename value_at<Place>::type;

  Place place;                        ///< a pointer to the member, or `inside`
  std::string_view name;              ///< in the journal, in JSON and in CSV
  std::string_view chinese, english;  ///< as a heading, and in sentences about it
  presence stands = presence::always;
  bool (*good)(const value&) = nullptr;  ///< what every reader may rely on, whoever wrote it; null: any value is good
  std::string_view means{};              ///< for readers of openapi.json; may be empty

  [[nodiscard]] constexpr field meaning(std::string_view text) const {
    field out = *this;
    out.means = text;
    return out;
  }

  template <class T>
  constexpr auto& of(T& record) const {
    return std::invoke(place, record);
  }
};
template <class Place, class... More>
field(Place, More...) -> field<Place>;

/** Specialised where a struct is described: `fields`, a tuple of `field`, in the order in which they are written. What
 * else it may say of a declaration or of a command stands in declaration.h. */
template <class T>
struct description;

/** Specialised for an enum that is the value of a field: `all`, its values in their order. What is written of one is
 * name_of(it). */
template <class E>
struct values_of;
template <class E>
concept named_value = requires { values_of<E>::all; };
template <named_value E>
constexpr std::optional<E> value_named(std::string_view name) {
  for (const E one : values_of<E>::all)
    if (name_of(one) == name) return one;
  return std::nullopt;
}

/** Calls `f` with every field of T, in order. */
template <class T, class F>
constexpr void each_field(F f) {
  std::apply([&](const auto&... one) { (f(one), ...); }, description<T>::fields);
}

/** Whether a value is worth writing where its field stands `if_any`. */
template <class V>
constexpr bool says_something(const V& value) {
  if constexpr (requires { value.empty(); })
    return !value.empty();
  else if constexpr (requires { value.has_value(); })
    return value.has_value();
  else
    return value != V{};
}

/** Several types as one argument. */
template <class... T>
struct types {};
template <class... A, class... B>
constexpr types<A..., B...> operator+(types<A...> /*first*/, types<B...> /*then*/) {
  return {};
}
/** One variant of `First` and of a list. */
template <class... First, class... T>
std::variant<First..., T...> variant_with(types<T...>);

}  // namespace changtong
