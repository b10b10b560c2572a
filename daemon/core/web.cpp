#include "daemon/core/web.h"

#include "daemon/core/json.h"

namespace changtong {

web_response problem_answer(int status, std::string_view code, std::string_view text, std::string_view text_en) {
  json_object inner;
  inner.add("code", code).add("text", text).add("text_en", text_en);
  json_object outer;
  outer.add_raw("error", inner.text());
  web_response out;
  out.status = status;
  out.body = outer.text();
  return out;
}

}  // namespace changtong
