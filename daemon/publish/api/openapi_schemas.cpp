// openapi.json: what is answered.
#include "daemon/publish/api/openapi.h"

namespace changtong::api {

std::string_view openapi_schemas() {
  return R"json( "components": {
  "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
  "schemas": {
   "Error": {
    "type": "object", "required": ["error"],
    "properties": {
     "error": {
      "type": "object", "required": ["code", "text", "text_en"],
      "properties": {"code": {"type": "string"}, "text": {"type": "string"}, "text_en": {"type": "string"}}
     }
    }
   },
   "GroupDay": {
    "type": "object",
    "required": ["availability", "lower", "upper", "coverage", "formula", "outages", "text", "bounds_text"],
    "properties": {
     "availability": {"type": "number", "nullable": true}, "lower": {"type": "number", "nullable": true},
     "upper": {"type": "number", "nullable": true}, "coverage": {"type": "number", "nullable": true},
     "formula": {"type": "string"}, "outages": {"type": "integer"},
     "text": {"type": "string", "description": "中文畅通率，截断不进位"}, "bounds_text": {"type": "string"}
    },
    "nullable": true
   },
   "LineDay": {
    "type": "object", "required": ["availability", "lower", "coverage"],
    "properties": {
     "availability": {"type": "number", "nullable": true}, "lower": {"type": "number", "nullable": true},
     "coverage": {"type": "number", "nullable": true}
    },
    "nullable": true
   },
   "Evaluation": {
    "type": "object",
    "required": [
     "year", "title", "project", "layout", "period", "as_of", "total_so_far", "grade", "forecast_grade",
     "score_by", "group_formula", "rounding", "reverse", "software", "ledger_digest", "fingerprint",
     "total", "forecast_total", "whole_year", "final", "blocking", "warnings", "execution",
     "indicators"
    ],
    "properties": {
     "year": {"type": "string"},
     "title": {"type": "string"},
     "project": {"type": "string"},
     "layout": {"type": "string"},
     "period": {"type": "string"},
     "as_of": {"type": "string"},
     "total_so_far": {"type": "string"},
     "grade": {"type": "string"},
     "forecast_grade": {"type": "string"},
     "score_by": {"type": "string"},
     "group_formula": {"type": "string"},
     "rounding": {"type": "string"},
     "reverse": {"type": "string"},
     "software": {"type": "string"},
     "ledger_digest": {"type": "string"},
     "fingerprint": {"type": "string"},
     "total": {"type": "string", "nullable": true},
     "forecast_total": {"type": "string", "nullable": true},
     "whole_year": {"type": "boolean"},
     "final": {"type": "boolean"},
     "blocking": {"type": "array", "items": {"type": "string"}},
     "warnings": {"type": "array", "items": {"type": "string"}},
     "execution": {"$ref": "#/components/schemas/EvaluationExecution"},
     "indicators": {"type": "array", "items": {"$ref": "#/components/schemas/EvaluationIndicator"}}
    }
   },
   "EvaluationExecution": {
    "type": "object",
    "required": [
     "weight", "rate", "score", "denominator", "budget", "executed", "reason", "reason_needed", "forecast_score"
    ],
    "properties": {
     "forecast_score": {"type": "string", "nullable": true},
     "weight": {"type": "string"},
     "rate": {"type": "string"},
     "score": {"type": "string"},
     "denominator": {"type": "string"},
     "budget": {"type": "string"},
     "executed": {"type": "string"},
     "reason": {"type": "string"},
     "reason_needed": {"type": "boolean"}
    }
   },
   "EvaluationIndicator": {
    "type": "object",
    "required": [
     "id", "level1", "level2", "level3", "target", "actual", "weight", "source", "evidence", "method",
     "reason", "before", "forecast", "actual_value", "score", "forecast_score", "reason_needed",
     "remarks", "missing", "standing", "light", "coverage"
    ],
    "properties": {
     "id": {"type": "string"},
     "level1": {"type": "string"},
     "level2": {"type": "string"},
     "level3": {"type": "string"},
     "target": {"type": "string"},
     "actual": {"type": "string"},
     "weight": {"type": "string"},
     "source": {"type": "string"},
     "evidence": {"type": "string"},
     "method": {"type": "string"},
     "reason": {"type": "string"},
     "before": {"type": "string"},
     "forecast": {"type": "string"},
     "actual_value": {"type": "string", "nullable": true},
     "score": {"type": "string", "nullable": true},
     "forecast_score": {"type": "string", "nullable": true},
     "reason_needed": {"type": "boolean"},
     "remarks": {"type": "array", "items": {"type": "string"}},
     "missing": {"type": "array", "items": {"type": "string"}},
     "standing": {"type": "string", "enum": ["scored", "insufficient", "undecided"]},
     "light": {"type": "string", "enum": ["green", "yellow", "red", "unknown"]},
     "coverage": {"type": "number", "nullable": true}
    }
   },
   "Summary": {
    "type": "object",
    "required": [
     "now", "now_text", "version", "started", "heartbeat", "heartbeat_age_s", "stale", "today_from", "today_to",
     "categories", "total", "outages", "outages_open", "ledger_remarks"
    ],
    "properties": {
     "now": {"type": "string", "format": "date-time", "nullable": true}, "now_text": {"type": "string"},
     "version": {"type": "string"}, "started": {"type": "string", "format": "date-time", "nullable": true},
     "heartbeat": {"type": "string", "format": "date-time", "nullable": true},
     "heartbeat_age_s": {"type": "number", "nullable": true}, "stale": {"type": "boolean"},
     "today_from": {"type": "string", "format": "date-time", "nullable": true},
     "today_to": {"type": "string", "format": "date-time", "nullable": true},
     "categories": {
      "type": "array",
      "items": {
       "type": "object", "required": ["id", "name", "lines", "up", "down", "degraded", "unknown", "today"],
       "properties": {
        "id": {"type": "string"}, "name": {"type": "string"}, "lines": {"type": "integer"},
        "up": {"type": "integer"}, "down": {"type": "integer"}, "degraded": {"type": "integer"},
        "unknown": {"type": "integer"}, "today": {"$ref": "#/components/schemas/GroupDay"}
       }
      }
     },
     "total": {
      "type": "object", "required": ["lines", "up", "down", "degraded", "unknown", "today"],
      "properties": {
       "lines": {"type": "integer"}, "up": {"type": "integer"}, "down": {"type": "integer"},
       "degraded": {"type": "integer"}, "unknown": {"type": "integer"},
       "today": {"$ref": "#/components/schemas/GroupDay"}
      }
     },
     "outages": {
      "type": "array",
      "items": {
       "type": "object",
       "required": [
        "id", "name", "category", "town", "carrier", "began", "began_text", "duration_s", "duration_text", "cause",
        "found", "cause_text", "upstream", "upstream_name", "unrecorded", "seen_now"
       ],
       "properties": {
        "id": {"type": "string"}, "name": {"type": "string"}, "category": {"type": "string"},
        "town": {"type": "string"}, "carrier": {"type": "string"},
        "began": {"type": "string", "format": "date-time", "nullable": true}, "began_text": {"type": "string"},
        "duration_s": {"type": "number"}, "duration_text": {"type": "string"}, "cause": {"type": "string"},
        "found": {"type": "string"}, "cause_text": {"type": "string"}, "upstream": {"type": "string"},
        "upstream_name": {"type": "string"}, "unrecorded": {"type": "boolean"},
        "seen_now": {"type": "boolean", "description": "false: the line is unknown just now; a good sample ends the outage"}
       }
      }
     },
     "outages_open": {"type": "integer"},
     "ledger_remarks": {
      "type": "array",
      "description": "What is to be known of the ledger although it goes on: seals set aside after a backup was restored over a newer ledger, whose history forked there",
      "items": {"$ref": "#/components/schemas/Reason"}
     }
    }
   },
   "Line": {
    "type": "object",
    "required": [
     "id", "kind", "name", "category", "category_name", "town", "carrier", "unit", "state", "since", "cause",
     "cause_text", "outage_open", "degraded", "flapping", "unrecorded", "rtt_s", "loss_ratio", "last_sample", "today"
    ],
    "properties": {
     "id": {"type": "string"}, "kind": {"type": "string", "enum": ["line", "site"]}, "name": {"type": "string"},
     "category": {"type": "string"}, "category_name": {"type": "string"}, "town": {"type": "string"},
     "carrier": {"type": "string"}, "unit": {"type": "string"},
     "state": {"type": "string", "enum": ["up", "down", "degraded", "unknown"]},
     "since": {"type": "string", "format": "date-time", "nullable": true}, "cause": {"type": "string"},
     "cause_text": {"type": "string"}, "outage_open": {"type": "boolean"}, "degraded": {"type": "boolean"}, "flapping": {"type": "boolean"},
     "unrecorded": {"type": "boolean", "description": "未入账: announced although the ledger could not take it yet"},
     "rtt_s": {"type": "number", "nullable": true}, "loss_ratio": {"type": "number", "nullable": true},
     "last_sample": {"type": "string", "format": "date-time", "nullable": true},
     "today": {"$ref": "#/components/schemas/LineDay"}
    }
   },
   "LineDetail": {
    "type": "object",
    "required": [
     "id", "kind", "name", "category", "category_name", "town", "carrier", "unit", "state", "since", "cause",
     "cause_text", "outage_open", "degraded", "flapping", "unrecorded", "rtt_s", "loss_ratio", "last_sample", "today", "circuit",
     "bandwidth_mbps", "addresses", "url", "parent", "grade", "accepted", "closed", "interfaces", "site", "checks",
     "today_books", "open_outage", "outages", "books_problem"
    ],
    "properties": {
     "id": {"type": "string"}, "kind": {"type": "string", "enum": ["line", "site"]}, "name": {"type": "string"},
     "category": {"type": "string"}, "category_name": {"type": "string"}, "town": {"type": "string"},
     "carrier": {"type": "string"}, "unit": {"type": "string"},
     "state": {"type": "string", "enum": ["up", "down", "degraded", "unknown"]},
     "since": {"type": "string", "format": "date-time", "nullable": true}, "cause": {"type": "string"},
     "cause_text": {"type": "string"}, "outage_open": {"type": "boolean"}, "degraded": {"type": "boolean"}, "flapping": {"type": "boolean"},
     "unrecorded": {"type": "boolean", "description": "未入账: announced although the ledger could not take it yet"},
     "rtt_s": {"type": "number", "nullable": true}, "loss_ratio": {"type": "number", "nullable": true},
     "last_sample": {"type": "string", "format": "date-time", "nullable": true},
     "today": {"$ref": "#/components/schemas/LineDay"}, "circuit": {"type": "string"},
     "bandwidth_mbps": {"type": "number"}, "addresses": {"type": "array", "items": {"type": "string"}},
     "url": {"type": "string"}, "parent": {"type": "string"}, "grade": {"type": "string"},
     "accepted": {"type": "string", "format": "date-time", "nullable": true},
     "closed": {"type": "string", "format": "date-time", "nullable": true},
     "interfaces": {
      "type": "array",
      "items": {
       "type": "object",
       "required": ["if_index", "oper_status", "in_octets", "out_octets", "in_errors", "out_errors"],
       "properties": {
        "if_index": {"type": "integer"}, "oper_status": {"type": "integer"},
        "in_octets": {"type": "integer", "nullable": true}, "out_octets": {"type": "integer", "nullable": true},
        "in_errors": {"type": "integer", "nullable": true}, "out_errors": {"type": "integer", "nullable": true}
       }
      }
     },
     "site": {
      "type": "object", "required": ["open_s", "http_status", "certificate_expiry"],
      "properties": {
       "open_s": {"type": "number", "nullable": true}, "http_status": {"type": "integer"},
       "certificate_expiry": {"type": "string", "format": "date-time", "nullable": true}
      },
      "nullable": true
     },
     "checks": {
      "type": "array",
      "items": {
       "type": "object",
       "required": ["id", "kind", "role", "spec", "interval_s", "timeout_s", "down_after", "up_after"],
       "properties": {
        "id": {"type": "string"}, "kind": {"type": "string"},
        "role": {"type": "string", "enum": ["reach", "health"]}, "spec": {"type": "string"},
        "interval_s": {"type": "number"}, "timeout_s": {"type": "number"}, "down_after": {"type": "integer"},
        "up_after": {"type": "integer"}
       }
      }
     },
     "today_books": {"allOf": [{"$ref": "#/components/schemas/AvailabilityRow"}], "nullable": true},
     "open_outage": {"allOf": [{"$ref": "#/components/schemas/Outage"}], "nullable": true},
     "outages": {"type": "array", "items": {"$ref": "#/components/schemas/Outage"}, "nullable": true},
     "books_problem": {"type": "string", "nullable": true}
    }
   },
   "Lines": {
    "type": "object", "required": ["total", "offset", "limit", "lines"],
    "properties": {
     "total": {"type": "integer"}, "offset": {"type": "integer"}, "limit": {"type": "integer"},
     "lines": {"type": "array", "items": {"$ref": "#/components/schemas/Line"}}
    }
   },
   "Outage": {
    "type": "object",
    "required": [
     "target", "began", "confirmed", "ended", "began_after", "began_until", "ended_after", "ended_until", "down_s",
     "unknown_s", "cause", "cause_text", "found", "upstream", "open", "decided_by",
     "after_own_uplink"
    ],
    "properties": {
     "target": {"type": "string"}, "began": {"type": "string", "format": "date-time", "nullable": true},
     "confirmed": {"type": "string", "format": "date-time", "nullable": true},
     "ended": {"type": "string", "format": "date-time", "nullable": true},
     "began_after": {"type": "string", "format": "date-time", "nullable": true},
     "began_until": {"type": "string", "format": "date-time", "nullable": true},
     "ended_after": {"type": "string", "format": "date-time", "nullable": true},
     "ended_until": {"type": "string", "format": "date-time", "nullable": true}, "down_s": {"type": "number"},
     "unknown_s": {"type": "number"}, "cause": {"type": "string"}, "cause_text": {"type": "string"},
     "found": {"type": "string", "nullable": true}, "upstream": {"type": "string", "nullable": true},
     "open": {"type": "boolean"}, "decided_by": {"type": "string"},
     "after_own_uplink": {"type": "boolean"}
    }
   },
   "Outages": {
    "type": "object", "required": ["from", "to", "limit", "outages"],
    "properties": {
     "from": {"type": "string", "format": "date-time", "nullable": true},
     "to": {"type": "string", "format": "date-time", "nullable": true}, "limit": {"type": "integer"},
     "outages": {"type": "array", "items": {"$ref": "#/components/schemas/Outage"}}
    }
   },
   "AvailabilityRow": {
    "type": "object",
    "required": [
     "key", "up_s", "down_s", "down_min_s", "down_mid_s", "down_max_s", "excluded_s", "unknown_s", "outages",
     "unconfirmed", "availability", "lower", "upper", "coverage", "mttr_s", "formula", "scope_from", "scope_to"
    ],
    "properties": {
     "key": {"type": "string"}, "up_s": {"type": "number"}, "down_s": {"type": "number"},
     "down_min_s": {"type": "number"}, "down_mid_s": {"type": "number"}, "down_max_s": {"type": "number"},
     "excluded_s": {"type": "number"}, "unknown_s": {"type": "number"}, "outages": {"type": "integer"},
     "unconfirmed": {"type": "integer"}, "availability": {"type": "number", "nullable": true},
     "lower": {"type": "number", "nullable": true}, "upper": {"type": "number", "nullable": true},
     "coverage": {"type": "number", "nullable": true}, "mttr_s": {"type": "number", "nullable": true},
     "formula": {"type": "string"}, "scope_from": {"type": "string", "format": "date-time", "nullable": true},
     "scope_to": {"type": "string", "format": "date-time", "nullable": true}
    }
   },
   "Availability": {
    "type": "object", "required": ["from", "to", "by", "rows"],
    "properties": {
     "from": {"type": "string", "format": "date-time", "nullable": true},
     "to": {"type": "string", "format": "date-time", "nullable": true}, "by": {"type": "string"},
     "rows": {"type": "array", "items": {"$ref": "#/components/schemas/AvailabilityRow"}}
    }
   },
   "Ready": {
    "type": "object", "required": ["ready", "reasons"],
    "properties": {
     "ready": {"type": "boolean"},
     "reasons": {"type": "array", "items": {"$ref": "#/components/schemas/Reason"}},
     "ledger_remarks": {
      "type": "array", "description": "Only where there are any; they do not stand against readiness",
      "items": {"$ref": "#/components/schemas/Reason"}
     }
    }
   },
   "Reason": {
    "type": "object", "required": ["code", "text", "text_en"],
    "properties": {"code": {"type": "string"}, "text": {"type": "string"}, "text_en": {"type": "string"}}
   },
   "Reloaded": {
    "type": "object", "required": ["reloaded", "text"],
    "properties": {"reloaded": {"type": "boolean"}, "text": {"type": "string", "description": "what changed"}}
   })json";
}

}  // namespace changtong::api
