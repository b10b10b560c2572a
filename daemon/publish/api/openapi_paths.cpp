// openapi.json: its beginning, and what can be asked.
#include "daemon/publish/api/openapi.h"

namespace changtong::api {

std::string_view openapi_paths() {
  return R"json({
 "openapi": "3.0.3",
 "info": {
  "title": "畅通 Changtong", "version": "1",
  "description": "专线与网站的状态、中断与畅通率，停机窗口、批注与值班记录。Ratios are numbers at full precision, null where a formula has no value; instants carry the offset of the configured zone."
 },
 "paths": {
  "/api/v1/summary": {
   "get": {
    "summary": "全网一览",
    "responses": {
     "200": {"description": "OK", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Summary"}}}}
    }
   }
  },
  "/api/v1/evaluation": {
   "get": {
    "summary": "绩效自评：到今天为止的现值、得分与年末预测",
    "description": "The plan of `evaluation.plan` up to today, as evaluation.json of `changtong evaluate`; points are decimal strings.",
    "responses": {
     "200": {"description": "OK", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Evaluation"}}}},
     "404": {
      "description": "No plan is in force, or it has not been evaluated yet",
      "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
     }
    }
   }
  },
  "/api/v1/lines": {
   "get": {
    "summary": "专线与网站列表",
    "parameters": [
     {"name": "category", "in": "query", "description": "类别", "schema": {"type": "string"}},
     {"name": "carrier", "in": "query", "description": "运营商", "schema": {"type": "string"}},
     {"name": "town", "in": "query", "description": "乡镇", "schema": {"type": "string"}},
     {
      "name": "state", "in": "query", "description": "状态",
      "schema": {"type": "string", "enum": ["up", "down", "degraded", "unknown"]}
     },
     {"name": "kind", "in": "query", "description": "专线或网站", "schema": {"type": "string", "enum": ["line", "site"]}},
     {"name": "q", "in": "query", "description": "part of id, name, unit or circuit", "schema": {"type": "string"}},
     {
      "name": "limit", "in": "query", "description": "",
      "schema": {"type": "integer", "default": 100, "maximum": 5000}
     },
     {"name": "offset", "in": "query", "description": "", "schema": {"type": "integer", "default": 0}}
    ],
    "responses": {
     "200": {"description": "OK", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Lines"}}}},
     "400": {
      "description": "A parameter is unknown or wrong",
      "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
     },
     "503": {
      "description": "The configuration is not loaded yet",
      "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
     }
    }
   }
  },
  "/api/v1/lines/{id}": {
   "get": {
    "summary": "一条专线或一个网站",
    "parameters": [{"name": "id", "in": "path", "required": true, "schema": {"type": "string"}}],
    "responses": {
     "200": {"description": "OK", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/LineDetail"}}}},
     "404": {
      "description": "No such line or site",
      "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
     },
     "503": {
      "description": "The configuration is not loaded yet",
      "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
     }
    }
   }
  },
  "/api/v1/outages": {
   "get": {
    "summary": "中断清单",
    "description": "Outages that touch the period, latest first. Default period: today; with open=1: now.",
    "parameters": [
     {
      "name": "from", "in": "query",
      "description": "ISO 8601 with offset, or civil in the zone: 2026, 2026-03, 2026-03-14 (its first instant)",
      "schema": {"type": "string"}
     },
     {"name": "to", "in": "query", "description": "as from, but its end", "schema": {"type": "string"}},
     {"name": "line", "in": "query", "description": "编号", "schema": {"type": "string"}},
     {
      "name": "open", "in": "query", "description": "1: only those that are still open",
      "schema": {"type": "string"}
     },
     {
      "name": "limit", "in": "query", "description": "",
      "schema": {"type": "integer", "default": 200, "maximum": 10000}
     }
    ],
    "responses": {
     "200": {"description": "OK", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Outages"}}}},
     "400": {
      "description": "A parameter is unknown or wrong",
      "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
     },
     "503": {
      "description": "The ledger cannot be read just now",
      "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
     }
    }
   }
  },
  "/api/v1/availability": {
   "get": {
    "summary": "畅通率", "description": "The rows of `changtong availability --format json`. Default period: today.",
    "parameters": [
     {
      "name": "from", "in": "query",
      "description": "ISO 8601 with offset, or civil in the zone: 2026, 2026-03, 2026-03-14 (its first instant)",
      "schema": {"type": "string"}
     },
     {"name": "to", "in": "query", "description": "as from, but its end", "schema": {"type": "string"}},
     {
      "name": "by", "in": "query", "description": "分组",
      "schema": {"type": "string", "enum": ["line", "category", "carrier", "town", "day", "month"], "default": "category"}
     },
     {"name": "line", "in": "query", "description": "only this line", "schema": {"type": "string"}}
    ],
    "responses": {
     "200": {
      "description": "OK",
      "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Availability"}}}
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
   }
  },
  "/api/v1/reload": {
   "post": {
    "summary": "重新加载配置", "description": "All or nothing. Needs the right `reload`, on loopback too.",
    "security": [{"token": []}],
    "responses": {
     "200": {"description": "OK", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Reloaded"}}}},
     "401": {
      "description": "Missing or wrong token",
      "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
     },
     "403": {
      "description": "The token's owner has not the right, or no token is configured",
      "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
     },
     "409": {
      "description": "The new configuration is refused; the old one stays in force",
      "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
     }
    }
   }
  },
  "/api/v1/openapi.json": {
   "get": {
    "summary": "本文档",
    "responses": {"200": {"description": "OK", "content": {"application/json": {"schema": {"type": "object"}}}}}
   }
  },
  "/healthz": {
   "get": {
    "summary": "进程存活",
    "responses": {"200": {"description": "ok", "content": {"text/plain": {"schema": {"type": "string"}}}}}
   }
  },
  "/readyz": {
   "get": {
    "summary": "正在探测且账本可写",
    "responses": {
     "200": {"description": "OK", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Ready"}}}},
     "503": {
      "description": "Not ready, with reasons",
      "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Ready"}}}
     }
    }
   }
  })json";
}

}  // namespace changtong::api
