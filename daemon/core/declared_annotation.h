#pragma once
/** A note 批注 on a line or site. */
#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>

#include "daemon/core/declared_fields.h"
#include "daemon/core/fields.h"
#include "daemon/core/instant.h"

namespace changtong {

/** Something to remember about a target at an instant. */
struct annotation_command {
  std::string target;
  std::optional<wall_t> about;  ///< none: the instant at which it is entered
  std::string text;
};

template <>
struct description<annotation_command> {
  static constexpr std::string_view path = "/api/v1/annotations", schema = "AnnotationRequest";
  static constexpr std::string_view cli = "annotate",
                                    cli_means = "给线路的某一时刻加批注 / say something about an instant of a line";
  static constexpr std::tuple fields{field{&annotation_command::target, "target", "线路", "line or site"},
                                     field{&annotation_command::text, "text", "备注", "text"},
                                     field{&annotation_command::about, "about", "时间", "instant", presence::if_any}};
};

struct annotation {
  wall_t at{};
  std::string target;
  wall_t about{};
  std::string author;
  std::string text;
  std::string via{};  ///< as author::via (command.h); empty in entries of before it was kept
  friend bool operator==(const annotation&, const annotation&) = default;
};

template <>
struct description<annotation> {
  static constexpr std::string_view kind = "annotation", schema = "Annotation", list = "Annotations";
  static constexpr std::string_view table = "annotations", order = "about";
  static constexpr std::array<std::string_view, 2> rows_by{"target", "about"};
  using command = annotation_command;
  static constexpr std::tuple fields{
      field{&annotation::at, "at", "登记时间", "entered"},
      field{&annotation::target, "target", "线路", "line or site"},
      field{&annotation::about, "about", "时间", "instant"},
      field{&annotation::author, "author", "登记人", "author"},
      field{&annotation::text, "text", "备注", "text"},
      field{&annotation::via, "via", "途径", "via", presence::if_any}.meaning(via_means)};
};

}  // namespace changtong
