// openapi.json: what people can enter.
#include "daemon/publish/api/openapi.h"

namespace changtong::api {

std::string_view openapi_entry_paths() {
  return R"json(  "/api/v1/windows": {
   "get": {
    "summary": "停机窗口（计划停机、割接）",
    "parameters": [
     {
      "name": "from",
      "in": "query",
      "description": "as in /api/v1/outages; default: this civil year and the next two months",
      "schema": {"type": "string"}
     },
     {"name": "to", "in": "query", "description": "as from, but its end", "schema": {"type": "string"}},
     {"name": "line", "in": "query", "description": "编号", "schema": {"type": "string"}},
     {
      "name": "limit",
      "in": "query",
      "description": "",
      "schema": {"type": "integer", "default": 200, "maximum": 10000}
     }
    ],
    "responses": {
     "200": {"description": "OK", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Windows"}}}},
     "400": {
      "description": "A parameter is unknown or wrong",
      "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
     },
     "503": {
      "description": "The ledger cannot be read just now",
      "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
     }
    }
   },
   "post": {
    "summary": "申请停机窗口",
    "description": "Needs the right `request`. One entry, or {\"entries\":[…]} with up to 2000, all or nothing.",
    "security": [{"token": []}],
    "requestBody": {"required": true, "content": {"application/json": {"schema": {"$ref": "#/components/schemas/WindowRequest"}}}},
    "responses": {
     "200": {
      "description": "Durable in the ledger",
      "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Entered"}}}
     },
     "400": {
      "description": "The body says nothing that could be entered",
      "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
     },
     "401": {
      "description": "Missing or wrong token",
      "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
     },
     "403": {
      "description": "The token's owner has not the right, or no token is configured",
      "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
     },
     "404": {
      "description": "It names a window, line or site that is not there",
      "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
     },
     "413": {
      "description": "It would write more than 2000 entries, or more than 20000 of this author today; nothing was kept",
      "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
     },
     "409": {
      "description": "The books, or who asks, stand against it",
      "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
     },
     "503": {
      "description": "The ledger does not take it just now; nothing was kept",
      "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
     }
    }
   }
  },
  "/api/v1/windows/{id}": {
   "post": {
    "summary": "批准、修改或取消",
    "description": "approve needs the right `approve` and a second person; revise and cancel need `request`.",
    "security": [{"token": []}],
    "requestBody": {"required": true, "content": {"application/json": {"schema": {"$ref": "#/components/schemas/WindowStep"}}}},
    "responses": {
     "200": {
      "description": "Durable in the ledger",
      "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Entered"}}}
     },
     "400": {
      "description": "The body says nothing that could be entered",
      "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
     },
     "401": {
      "description": "Missing or wrong token",
      "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
     },
     "403": {
      "description": "The token's owner has not the right, or no token is configured",
      "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
     },
     "404": {
      "description": "It names a window, line or site that is not there",
      "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
     },
     "413": {
      "description": "It would write more than 2000 entries, or more than 20000 of this author today; nothing was kept",
      "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
     },
     "409": {
      "description": "The books, or who asks, stand against it",
      "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
     },
     "503": {
      "description": "The ledger does not take it just now; nothing was kept",
      "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
     }
    },
    "parameters": [{"name": "id", "in": "path", "required": true, "schema": {"type": "string"}}]
   }
  },
  "/api/v1/annotations": {
   "get": {
    "summary": "批注",
    "parameters": [
     {
      "name": "from",
      "in": "query",
      "description": "as in /api/v1/outages; default: this civil year and the next two months",
      "schema": {"type": "string"}
     },
     {"name": "to", "in": "query", "description": "as from, but its end", "schema": {"type": "string"}},
     {"name": "line", "in": "query", "description": "编号", "schema": {"type": "string"}},
     {
      "name": "limit",
      "in": "query",
      "description": "",
      "schema": {"type": "integer", "default": 200, "maximum": 10000}
     }
    ],
    "responses": {
     "200": {
      "description": "OK",
      "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Annotations"}}}
     },
     "400": {
      "description": "A parameter is unknown or wrong",
      "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
     },
     "503": {
      "description": "The ledger cannot be read just now",
      "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
     }
    }
   },
   "post": {
    "summary": "批注一条线路",
    "description": "Needs the right `annotate`. One entry, or {\"entries\":[…]} with up to 2000, all or nothing.",
    "security": [{"token": []}],
    "requestBody": {
     "required": true,
     "content": {"application/json": {"schema": {"$ref": "#/components/schemas/AnnotationRequest"}}}
    },
    "responses": {
     "200": {
      "description": "Durable in the ledger",
      "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Entered"}}}
     },
     "400": {
      "description": "The body says nothing that could be entered",
      "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
     },
     "401": {
      "description": "Missing or wrong token",
      "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
     },
     "403": {
      "description": "The token's owner has not the right, or no token is configured",
      "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
     },
     "404": {
      "description": "It names a window, line or site that is not there",
      "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
     },
     "413": {
      "description": "It would write more than 2000 entries, or more than 20000 of this author today; nothing was kept",
      "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
     },
     "409": {
      "description": "The books, or who asks, stand against it",
      "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
     },
     "503": {
      "description": "The ledger does not take it just now; nothing was kept",
      "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
     }
    }
   }
  },
  "/api/v1/duty": {
   "get": {
    "summary": "值班记录",
    "parameters": [
     {
      "name": "from",
      "in": "query",
      "description": "as in /api/v1/outages; default: this civil year and the next two months",
      "schema": {"type": "string"}
     },
     {"name": "to", "in": "query", "description": "as from, but its end", "schema": {"type": "string"}},
     {
      "name": "limit",
      "in": "query",
      "description": "",
      "schema": {"type": "integer", "default": 200, "maximum": 10000}
     }
    ],
    "responses": {
     "200": {"description": "OK", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Duty"}}}},
     "400": {
      "description": "A parameter is unknown or wrong",
      "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
     },
     "503": {
      "description": "The ledger cannot be read just now",
      "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
     }
    }
   },
   "post": {
    "summary": "登记值班",
    "description": "Needs the right `duty`. One entry, or {\"entries\":[…]} with up to 2000, all or nothing.",
    "security": [{"token": []}],
    "requestBody": {"required": true, "content": {"application/json": {"schema": {"$ref": "#/components/schemas/DutyRequest"}}}},
    "responses": {
     "200": {
      "description": "Durable in the ledger",
      "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Entered"}}}
     },
     "400": {
      "description": "The body says nothing that could be entered",
      "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
     },
     "401": {
      "description": "Missing or wrong token",
      "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
     },
     "403": {
      "description": "The token's owner has not the right, or no token is configured",
      "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
     },
     "404": {
      "description": "It names a window, line or site that is not there",
      "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
     },
     "413": {
      "description": "It would write more than 2000 entries, or more than 20000 of this author today; nothing was kept",
      "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
     },
     "409": {
      "description": "The books, or who asks, stand against it",
      "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
     },
     "503": {
      "description": "The ledger does not take it just now; nothing was kept",
      "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
     }
    }
   }
  },
  "/api/v1/closings": {
   "get": {
    "summary": "结账记录",
    "responses": {
     "200": {"description": "OK", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Closings"}}}},
     "400": {
      "description": "A parameter is unknown or wrong",
      "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
     },
     "503": {
      "description": "The ledger cannot be read just now",
      "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
     }
    }
   },
   "post": {
    "summary": "结账",
    "description": "Needs the right `close`. The figures of a civil period stand from then on; a second closing is a new version with its reason and what it changes. Its last day must be sealed.",
    "security": [{"token": []}],
    "requestBody": {"required": true, "content": {"application/json": {"schema": {"$ref": "#/components/schemas/ClosingRequest"}}}},
    "responses": {
     "200": {
      "description": "Durable in the ledger",
      "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Entered"}}}
     },
     "400": {
      "description": "The body says nothing that could be entered",
      "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
     },
     "401": {
      "description": "Missing or wrong token",
      "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
     },
     "403": {
      "description": "The token's owner has not the right, or no token is configured",
      "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
     },
     "404": {
      "description": "It names a window, line or site that is not there",
      "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
     },
     "413": {
      "description": "It would write more than 2000 entries, or more than 20000 of this author today; nothing was kept",
      "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
     },
     "409": {
      "description": "The books, or who asks, stand against it",
      "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
     },
     "503": {
      "description": "The ledger does not take it just now; nothing was kept",
      "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
     }
    }
   }
  }
)json";
}

}  // namespace changtong::api
