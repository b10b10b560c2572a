// openapi.json: what people enter for an evaluation: readings of counters and verdicts on indicators.
#include "daemon/publish/api/openapi.h"

namespace changtong::api {

std::string_view openapi_evaluation_paths() {
  return R"json(  "/api/v1/counters": {
   "get": {
    "summary": "计数器读数",
    "description": "Latest first. Of several about the same the one entered last counts; all are listed.",
    "parameters": [
     {"name": "counter", "in": "query", "description": "计数器名", "schema": {"type": "string"}},
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
     "200": {"description": "OK", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Counters"}}}},
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
    "summary": "登记计数器读数",
    "description": "Needs the right `import`. One entry, or {\"entries\":[…]} with up to 2000, all or nothing. The same reading again is not entered (notice counter_known); another one of the same counter and instant corrects it (counter_corrected).",
    "security": [{"token": []}],
    "requestBody": {"required": true, "content": {"application/json": {"schema": {"$ref": "#/components/schemas/CounterRequest"}}}},
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
     "503": {
      "description": "The ledger does not take it just now; nothing was kept",
      "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
     }
    }
   }
  },
  "/api/v1/verdicts": {
   "get": {
    "summary": "指标结论",
    "description": "Latest first. Of several about the same the one entered last counts; all are listed.",
    "parameters": [
     {"name": "plan", "in": "query", "description": "方案：年度或名称", "schema": {"type": "string"}},
     {
      "name": "limit",
      "in": "query",
      "description": "",
      "schema": {"type": "integer", "default": 200, "maximum": 10000}
     }
    ],
    "responses": {
     "200": {"description": "OK", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Verdicts"}}}},
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
    "summary": "登记指标结论",
    "description": "Needs the right `evaluate`. One entry, or {\"entries\":[…]} with up to 2000, all or nothing. The same verdict of the same person again is not entered (notice verdict_known); another one replaces the last (verdict_replaced).",
    "security": [{"token": []}],
    "requestBody": {"required": true, "content": {"application/json": {"schema": {"$ref": "#/components/schemas/VerdictRequest"}}}},
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
     "503": {
      "description": "The ledger does not take it just now; nothing was kept",
      "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
     }
    }
   }
  }
)json";
}

std::string_view openapi_evaluation_schemas() {
  return R"json(   "CounterRequest": {
    "type": "object",
    "additionalProperties": false,
    "required": ["counter", "value"],
    "properties": {
     "counter": {"type": "string", "description": "A-Z a-z 0-9 - _, at most 64"},
     "about": {"type": "string", "description": "2026-03-14 22:00 in the zone, or ISO 8601 with an offset; default now"},
     "value": {"type": "string", "description": "decimal, not negative: 51234, 1,234.5"},
     "unit": {"type": "string", "description": "at most 16 characters"},
     "source": {"type": "string", "description": "平台后台 截图 …, at most 256 characters"}
    }
   },
   "CounterReading": {
    "type": "object",
    "required": ["counter", "about", "value", "unit", "source", "at", "author", "via", "counts"],
    "properties": {
     "counter": {"type": "string"},
     "about": {"type": "string", "format": "date-time"},
     "value": {"type": "string"},
     "unit": {"type": "string"},
     "source": {"type": "string"},
     "at": {"type": "string", "format": "date-time", "description": "when it was entered"},
     "author": {"type": "string"},
     "via": {"type": "string", "description": "api, cli or counters.csv"},
     "counts": {"type": "boolean", "description": "no later entry is about the same counter and instant"}
    }
   },
   "Counters": {
    "type": "object",
    "required": ["from", "to", "counters"],
    "properties": {
     "from": {"type": "string", "format": "date-time"},
     "to": {"type": "string", "format": "date-time"},
     "counters": {"type": "array", "items": {"$ref": "#/components/schemas/CounterReading"}}
    }
   },
   "VerdictRequest": {
    "type": "object",
    "additionalProperties": false,
    "required": ["plan", "indicator", "verdict"],
    "properties": {
     "plan": {"type": "string", "description": "the year, or the plan's name, at most 64 characters"},
     "indicator": {"type": "string", "description": "id in the plan"},
     "verdict": {"type": "string", "description": "achieved 达成, partly 部分达成 or missed 未达成"},
     "points": {"type": "string", "description": "decimal, not negative; left out: the plan's rule gives them"},
     "text": {"type": "string", "description": "why, at most 2000 characters"},
     "document": {"type": "string", "description": "name of the file it stands on"},
     "sha256": {"type": "string", "description": "of the file's bytes: 64 lower-case hexadecimal digits"}
    }
   },
   "IndicatorVerdict": {
    "type": "object",
    "required": [
     "plan",
     "indicator",
     "verdict",
     "points",
     "text",
     "document",
     "sha256",
     "at",
     "author",
     "via",
     "counts"
    ],
    "properties": {
     "plan": {"type": "string"},
     "indicator": {"type": "string"},
     "verdict": {"type": "string", "enum": ["achieved", "partly", "missed"]},
     "points": {"type": "string"},
     "text": {"type": "string"},
     "document": {"type": "string"},
     "sha256": {"type": "string"},
     "at": {"type": "string", "format": "date-time", "description": "when it was entered"},
     "author": {"type": "string"},
     "via": {"type": "string", "description": "api or cli"},
     "counts": {"type": "boolean", "description": "no later entry is about the same indicator of the plan"}
    }
   },
   "Verdicts": {
    "type": "object",
    "required": ["verdicts"],
    "properties": {
     "verdicts": {"type": "array", "items": {"$ref": "#/components/schemas/IndicatorVerdict"}}
    }
   }
)json";
}

}  // namespace changtong::api
