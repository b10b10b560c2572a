#pragma once
/** `changtong plan import`, `plan export`, `form check`: a bureau's form into a plan, a sheet for what people have to
 * write, and a form held against itself. */
#include <cstdint>
#include <string>
#include <vector>

#include "daemon/core/result.h"
#include "daemon/reading/office_file.h"

namespace changtong {

struct plan_import_options {
  std::string file;          ///< the form; with `fill` the plan
  std::string fill;          ///< a sheet that was filled in
  std::uint32_t number = 0;  ///< which of several forms, from 1; 0: it is the only one
  std::string out;           ///< a new file; empty: stdout, or with `fill` the plan itself
};
int plan_import_command(const plan_import_options& o);

struct plan_export_options {
  std::string plan, out;
  bool fill = false;
};
int plan_export_command(const plan_export_options& o);

struct form_check_options {
  std::string form;
  std::string format = "text";
};
/** Exit 1: something is wrong; 3: no form. */
int form_check_command(const form_check_options& o);

}  // namespace changtong
