// openapi.json: what people enter, and what they are answered.
#include "daemon/publish/api/openapi.h"

namespace changtong::api {

std::string_view openapi_entry_schemas() {
  return R"json(   "WindowRequest": {
    "type": "object",
    "required": ["from", "to"],
    "properties": {
     "id": {"type": "string", "description": "A-Z a-z 0-9 . _ - ; made from the day where it is left out"},
     "target": {"type": "string"},
     "targets": {"type": "array", "items": {"type": "string"}, "description": "ids, or [\"*\"]: every line and site in scope at its time, one entry"},
     "below": {"type": "boolean", "description": "with all lines below them, by parent, at every depth"},
     "from": {"type": "string", "description": "2026-03-14 22:00 in the zone, or ISO 8601 with an offset"},
     "to": {"type": "string", "description": "2026-03-14 22:00 in the zone, or ISO 8601 with an offset"},
     "text": {"type": "string"}
    }
   },
   "WindowStep": {
    "type": "object",
    "required": ["step"],
    "properties": {
     "step": {"type": "string", "enum": ["approve", "revise", "cancel"]},
     "targets": {"type": "array", "items": {"type": "string"}, "description": "ids, or \"*\" alone: every line and site in scope at its time, one entry"},
     "below": {"type": "boolean", "description": "with all lines below them, by parent, at every depth"},
     "from": {"type": "string", "description": "2026-03-14 22:00 in the zone, or ISO 8601 with an offset"},
     "to": {"type": "string", "description": "2026-03-14 22:00 in the zone, or ISO 8601 with an offset"},
     "text": {"type": "string"}
    }
   },
   "AnnotationRequest": {
    "type": "object",
    "required": ["target", "text"],
    "properties": {
     "target": {"type": "string"},
     "about": {"type": "string", "description": "2026-03-14 22:00 in the zone, or ISO 8601 with an offset"},
     "text": {"type": "string"}
    }
   },
   "DutyRequest": {
    "type": "object",
    "required": [],
    "properties": {
     "day": {"type": "string", "description": "2026-03-14; default today"},
     "person": {"type": "string", "description": "default: who asks"},
     "text": {"type": "string"}
    }
   },
   "Notice": {
    "type": "object",
    "required": ["code", "text", "text_en"],
    "properties": {"code": {"type": "string"}, "text": {"type": "string"}, "text_en": {"type": "string"}}
   },
   "Entered": {
    "type": "object",
    "required": ["entered", "notices"],
    "properties": {
     "entered": {
      "type": "array",
      "description": "The records as the journal has them: windows one a line, annotations, duty records, closings, readings, verdicts",
      "items": {"type": "object"}
     },
     "notices": {"type": "array", "items": {"$ref": "#/components/schemas/Notice"}}
    }
   },
   "Window": {
    "type": "object",
    "required": [
     "id",
     "state",
     "from",
     "to",
     "targets",
     "requested_by",
     "requested_at",
     "revised_by",
     "approved_by",
     "cancelled_by",
     "late",
     "late_request",
     "excluded_from",
     "excluded_to",
     "excluded_targets",
     "overrun_s",
     "overrun_targets",
     "text",
     "requested_via",
     "approved_via",
     "flags",
     "short_notice",
     "revisers",
     "revised_via"
    ],
    "properties": {
     "id": {"type": "string"},
     "state": {"type": "string", "enum": ["requested", "approved", "revised", "cancelled"]},
     "from": {"type": "string", "format": "date-time"},
     "to": {"type": "string", "format": "date-time"},
     "targets": {"type": "array", "items": {"type": "string"}},
     "requested_by": {"type": "string"},
     "requested_at": {"type": "string", "format": "date-time"},
     "revised_by": {"type": "string"},
     "approved_by": {"type": "string"},
     "cancelled_by": {"type": "string"},
     "late": {"type": "boolean"},
     "late_request": {"type": "boolean"},
     "excluded_from": {"type": "string", "format": "date-time", "nullable": true},
     "excluded_to": {"type": "string", "format": "date-time", "nullable": true},
     "excluded_targets": {"type": "integer"},
     "overrun_s": {"type": "number", "description": "down time directly after its end, which counts"},
     "overrun_targets": {"type": "array", "items": {"type": "string"}},
     "text": {"type": "string"},
     "requested_via": {"type": "string", "description": "api: NAME@ADDRESS, or: file, unauthenticated; empty in older entries"},
     "approved_via": {"type": "string", "description": "as requested_via"},
     "flags": {"type": "array", "items": {"type": "string", "enum": ["already_down", "late_notice"]}},
     "short_notice": {"type": "boolean", "description": "excludes nothing because it was approved later than the policy's window_lead asks"},
     "revisers": {"type": "array", "items": {"type": "string"}, "description": "everybody who revised it, each once, in order of their first revision"},
     "revised_via": {"type": "string", "description": "as requested_via, of revised_by"}
    }
   },
   "Windows": {
    "type": "object",
    "required": ["from", "to", "windows"],
    "properties": {
     "from": {"type": "string", "format": "date-time"},
     "to": {"type": "string", "format": "date-time"},
     "windows": {"type": "array", "items": {"$ref": "#/components/schemas/Window"}}
    }
   },
   "Annotation": {
    "type": "object",
    "required": ["target", "about", "at", "author", "text", "via"],
    "properties": {
     "target": {"type": "string"},
     "about": {"type": "string", "format": "date-time"},
     "at": {"type": "string", "format": "date-time"},
     "author": {"type": "string"},
     "text": {"type": "string"},
     "via": {"type": "string", "description": "api: NAME@ADDRESS, or: file, unauthenticated; empty in older entries"}
    }
   },
   "Annotations": {
    "type": "object",
    "required": ["from", "to", "annotations"],
    "properties": {
     "from": {"type": "string", "format": "date-time"},
     "to": {"type": "string", "format": "date-time"},
     "annotations": {"type": "array", "items": {"$ref": "#/components/schemas/Annotation"}}
    }
   },
   "DutyRecord": {
    "type": "object",
    "required": ["day", "person", "source", "at", "author", "text", "via", "late"],
    "properties": {
     "day": {"type": "string"},
     "person": {"type": "string"},
     "source": {"type": "string"},
     "at": {"type": "string", "format": "date-time"},
     "author": {"type": "string"},
     "text": {"type": "string"},
     "via": {"type": "string", "description": "api: NAME@ADDRESS, or: file, unauthenticated; empty in older entries"},
     "late": {"type": "boolean", "description": "entered more than 24 hours after the day ended"}
    }
   },
   "Duty": {
    "type": "object",
    "required": ["from", "to", "duty"],
    "properties": {
     "from": {"type": "string", "format": "date-time"},
     "to": {"type": "string", "format": "date-time"},
     "duty": {"type": "array", "items": {"$ref": "#/components/schemas/DutyRecord"}}
    }
   },
   "ClosingRequest": {
    "type": "object",
    "additionalProperties": false,
    "required": ["period"],
    "properties": {
     "period": {"type": "string", "description": "2026, 2026-Q1, 2026-03 or 2026-03-14"},
     "reason": {"type": "string"}
    }
   },
   "Closing": {
    "type": "object",
    "required": ["from", "to", "version", "at", "author", "reason", "via", "sheet", "figures", "changes"],
    "properties": {
     "from": {"type": "string", "format": "date-time"},
     "to": {"type": "string", "format": "date-time"},
     "version": {"type": "integer"},
     "at": {"type": "string", "format": "date-time"},
     "author": {"type": "string"},
     "reason": {"type": "string"},
     "via": {"type": "string", "description": "as of an annotation"},
     "sheet": {"type": "string", "description": "SHA-256 over the rows of all lines"},
     "figures": {"type": "array", "items": {"type": "object"}},
     "changes": {"type": "array", "items": {"type": "object"}}
    }
   },
   "Closings": {
    "type": "object",
    "required": ["closings"],
    "properties": {"closings": {"type": "array", "items": {"$ref": "#/components/schemas/Closing"}}}
   }
)json";
}

}  // namespace changtong::api
