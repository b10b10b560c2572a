#include "daemon/publish/api/openapi.h"

namespace changtong::api {

std::string openapi_document() {
  std::string out(openapi_paths());
  out.append(",\n").append(openapi_entry_paths()).append(",\n").append(openapi_evaluation_paths()).append(" },\n");
  out.append(openapi_schemas()).append(",\n").append(openapi_entry_schemas()).append(",\n");
  out.append(openapi_evaluation_schemas()).append("  }\n }\n}\n");
  return out;
}

}  // namespace changtong::api
