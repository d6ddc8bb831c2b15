/// The description of this API, OpenAPI 3.1: exactly the routes of ``Route``. A test compares the two.
enum OpenAPI {
    static let document = #"""
        {
         "openapi":"3.1.0",
         "info":{
          "title":"Parley","version":"1",
          "description":"Reading access to calls and what they yielded. The tenant is the token's."
         },
         "paths":{
          "/healthz":{
           "get":{
            "operationId":"alive","summary":"The process is alive.","security":[],
            "responses":{"200":{"description":"alive","content":{"text/plain":{"schema":{"type":"string"}}}}}
           }
          },
          "/readyz":{
           "get":{
            "operationId":"ready","summary":"Whether calls are taken, with each check.","security":[],
            "responses":{
             "200":{"description":"ready","content":{"application/json":{"schema":{"type":"object"}}}},
             "503":{"description":"not ready","content":{"application/json":{"schema":{"type":"object"}}}}
            }
           }
          },
          "/metrics":{
           "get":{
            "operationId":"metrics","summary":"Prometheus text format 0.0.4.","security":[],
            "responses":{"200":{"description":"metrics","content":{"text/plain":{"schema":{"type":"string"}}}}}
           }
          },
          "/api/customer-context/{phone}":{
           "get":{
            "operationId":"customerContext","summary":"What is known of a phone number.",
            "security":[{"bearer":[]}],
            "parameters":[
             {
              "name":"phone","in":"path","required":true,"description":"E.164, tolerant of formatting.",
              "schema":{"type":"string"}
             }
            ],
            "responses":{
             "200":{
              "description":"What is known of a phone number.",
              "headers":{"ETag":{"schema":{"type":"string"}}},
              "content":{"application/json":{"schema":{"$ref":"#/components/schemas/CustomerContext"}}}
             },
             "304":{"description":"Unchanged since the ETag in `If-None-Match`."},
             "400":{"$ref":"#/components/responses/Problem"},"401":{"$ref":"#/components/responses/Problem"},
             "403":{"$ref":"#/components/responses/Problem"},"429":{"$ref":"#/components/responses/Problem"},
             "503":{"$ref":"#/components/responses/Problem"}
            }
           }
          },
          "/api/v1/calls":{
           "get":{
            "operationId":"listCalls","summary":"Calls, newest first.","security":[{"bearer":[]}],
            "parameters":[
             {
              "name":"limit","in":"query","required":false,"description":"Calls a page.",
              "schema":{"type":"integer","minimum":1,"maximum":100,"default":25}
             },
             {
              "name":"cursor","in":"query","required":false,"description":"`next_cursor` of the page before.",
              "schema":{"type":"string"}
             },
             {
              "name":"status","in":"query","required":false,"description":"Only these.",
              "schema":{"enum":["ringing","in_progress","completed","interrupted","failed"]}
             },
             {
              "name":"outcome","in":"query","required":false,"description":"Only these.",
              "schema":{
               "enum":[
                "do_not_call","meeting_booked","transferred","follow_up_agreed","qualified","nurture",
                "not_interested","voicemail","no_speech","interrupted","failed"
               ]
              }
             }
            ],
            "responses":{
             "200":{
              "description":"Calls, newest first.","headers":{"ETag":{"schema":{"type":"string"}}},
              "content":{
               "application/json":{
                "schema":{
                 "type":"object",
                 "properties":{
                  "data":{"type":"array","items":{"$ref":"#/components/schemas/Call"}},
                  "next_cursor":{"type":["string","null"]}
                 },
                 "required":["data","next_cursor"]
                }
               }
              }
             },
             "304":{"description":"Unchanged since the ETag in `If-None-Match`."},
             "400":{"$ref":"#/components/responses/Problem"},"401":{"$ref":"#/components/responses/Problem"},
             "403":{"$ref":"#/components/responses/Problem"},"429":{"$ref":"#/components/responses/Problem"},
             "503":{"$ref":"#/components/responses/Problem"}
            }
           }
          },
          "/api/v1/calls/{id}":{
           "get":{
            "operationId":"getCall","summary":"One call with transcript, lead, evidence and next steps.",
            "security":[{"bearer":[]}],
            "parameters":[
             {
              "name":"id","in":"path","required":true,"description":"Our id or the carrier's CallSid.",
              "schema":{"type":"string"}
             }
            ],
            "responses":{
             "200":{
              "description":"One call with transcript, lead, evidence and next steps.",
              "headers":{"ETag":{"schema":{"type":"string"}}},
              "content":{"application/json":{"schema":{"$ref":"#/components/schemas/CallDetail"}}}
             },
             "304":{"description":"Unchanged since the ETag in `If-None-Match`."},
             "401":{"$ref":"#/components/responses/Problem"},"403":{"$ref":"#/components/responses/Problem"},
             "404":{"$ref":"#/components/responses/Problem"},"429":{"$ref":"#/components/responses/Problem"},
             "503":{"$ref":"#/components/responses/Problem"}
            }
           }
          },
          "/api/v1/leads/{id}":{
           "get":{
            "operationId":"getLead","summary":"One lead with its newest scores and next steps.",
            "security":[{"bearer":[]}],
            "parameters":[
             {
              "name":"id","in":"path","required":true,"description":"The lead's id.",
              "schema":{"type":"string","format":"uuid"}
             }
            ],
            "responses":{
             "200":{
              "description":"One lead with its newest scores and next steps.",
              "headers":{"ETag":{"schema":{"type":"string"}}},
              "content":{"application/json":{"schema":{"$ref":"#/components/schemas/Lead"}}}
             },
             "304":{"description":"Unchanged since the ETag in `If-None-Match`."},
             "401":{"$ref":"#/components/responses/Problem"},"403":{"$ref":"#/components/responses/Problem"},
             "404":{"$ref":"#/components/responses/Problem"},"429":{"$ref":"#/components/responses/Problem"},
             "503":{"$ref":"#/components/responses/Problem"}
            }
           }
          },
          "/api/v1/live":{
           "get":{
            "operationId":"live","summary":"WebSocket: a text frame of JSON for each event of a live call.",
            "security":[{"bearer":[]}],
            "parameters":[
             {
              "name":"call","in":"query","required":false,"description":"Only this CallSid.",
              "schema":{"type":"string"}
             },
             {
              "name":"token","in":"query","required":false,
              "description":"The token, where no header can be set.","schema":{"type":"string"}
             }
            ],
            "responses":{
             "101":{"description":"Events follow."},"401":{"$ref":"#/components/responses/Problem"},
             "426":{"$ref":"#/components/responses/Problem"}
            }
           }
          },
          "/api/v1/openapi.json":{
           "get":{
            "operationId":"description","summary":"This document.","security":[],
            "responses":{
             "200":{
              "description":"OpenAPI 3.1","headers":{"ETag":{"schema":{"type":"string"}}},
              "content":{"application/json":{"schema":{"type":"object"}}}
             },
             "304":{"description":"Unchanged."}
            }
           }
          }
         },
         "components":{
          "securitySchemes":{"bearer":{"type":"http","scheme":"bearer","bearerFormat":"JWT"}},
          "responses":{
           "Problem":{
            "description":"An error.",
            "content":{"application/problem+json":{"schema":{"$ref":"#/components/schemas/Problem"}}}
           }
          },
          "schemas":{
           "Problem":{
            "type":"object",
            "properties":{
             "type":{"type":"string"},"title":{"type":"string"},"status":{"type":"integer"},
             "detail":{"type":"string"}
            },
            "required":["type","title","status","detail"]
           },
           "Turn":{
            "type":"object",
            "properties":{
             "number":{"type":"integer"},"speaker":{"enum":["caller","agent","human"]},
             "started_ms":{"type":"integer"},"ended_ms":{"type":"integer"},"text":{"type":"string"},
             "interrupted":{"type":"boolean"},"heard_text":{"type":"string"}
            }
           },
           "FollowUp":{
            "type":"object",
            "properties":{
             "id":{"type":"string","format":"uuid"},"due_at":{"type":["string","null"],"format":"date-time"},
             "status":{"type":"string"},"reason":{"type":"string"},
             "recommendation":{"type":["string","null"]}
            }
           },
           "Meeting":{
            "type":"object",
            "properties":{
             "id":{"type":"string","format":"uuid"},"title":{"type":"string"},
             "starts_at":{"type":["string","null"],"format":"date-time"},
             "ends_at":{"type":["string","null"],"format":"date-time"},"status":{"type":"string"}
            }
           },
           "Score":{
            "type":"object",
            "properties":{
             "type":{"type":"string"},"score":{"type":"integer"},"confidence":{"type":"number"},
             "factors":{"type":"object"},"reasoning":{"type":"string"},
             "scored_at":{"type":["string","null"],"format":"date-time"}
            }
           },
           "Consent":{
            "type":"object",
            "properties":{
             "kind":{"type":"string"},"granted":{"type":"boolean"},"words":{"type":"string"},
             "source":{"type":"string"},"at":{"type":["string","null"],"format":"date-time"}
            }
           },
           "Call":{
            "type":"object",
            "properties":{
             "id":{"type":"string","format":"uuid"},"call_sid":{"type":["string","null"]},
             "direction":{"type":"string"},"from":{"type":["string","null"]},"to":{"type":["string","null"]},
             "status":{"type":"string"},"started_at":{"type":["string","null"],"format":"date-time"},
             "answered_at":{"type":["string","null"],"format":"date-time"},
             "ended_at":{"type":["string","null"],"format":"date-time"},
             "duration_seconds":{"type":["integer","null"]},"end_reason":{"type":["string","null"]},
             "outcome":{"type":["string","null"]},"disposition":{"type":["string","null"]},
             "summary":{"type":["string","null"]},"sentiment":{"type":["string","null"]},
             "intent":{"type":["string","null"]},
             "lead":{
              "type":["object","null"],
              "properties":{
               "id":{"type":"string","format":"uuid"},"contact_person":{"type":["string","null"]},
               "company_name":{"type":["string","null"]},"lead_score":{"type":"integer"},
               "status_bucket":{"type":"string"},"stage":{"type":"string"}
              }
             }
            }
           },
           "CallDetail":{
            "type":"object",
            "properties":{
             "id":{"type":"string","format":"uuid"},"call_sid":{"type":["string","null"]},
             "direction":{"type":"string"},"from":{"type":["string","null"]},"to":{"type":["string","null"]},
             "status":{"type":"string"},"started_at":{"type":["string","null"],"format":"date-time"},
             "answered_at":{"type":["string","null"],"format":"date-time"},
             "ended_at":{"type":["string","null"],"format":"date-time"},
             "duration_seconds":{"type":["integer","null"]},"end_reason":{"type":["string","null"]},
             "outcome":{"type":["string","null"]},"disposition":{"type":["string","null"]},
             "summary":{"type":["string","null"]},"sentiment":{"type":["string","null"]},
             "intent":{"type":["string","null"]},"confidence":{"type":["number","null"]},
             "ear":{"type":"object"},"dtmf":{"type":["string","null"]},"notes":{"type":"array"},
             "extractor":{"type":["string","null"]},"extraction":{"type":["object","null"]},
             "finalized_at":{"type":["string","null"],"format":"date-time"},
             "turns":{"type":"array","items":{"$ref":"#/components/schemas/Turn"}},
             "lead":{"anyOf":[{"$ref":"#/components/schemas/Lead"},{"type":"null"}]},
             "contact":{
              "type":["object","null"],
              "properties":{
               "id":{"type":"string","format":"uuid"},"name":{"type":["string","null"]},
               "email":{"type":["string","null"]},"company":{"type":["string","null"]},
               "position":{"type":["string","null"]},"phone":{"type":["string","null"]},
               "status":{"type":"string"},"do_not_contact":{"type":"boolean"}
              }
             },
             "follow_ups":{"type":"array","items":{"$ref":"#/components/schemas/FollowUp"}},
             "meetings":{"type":"array","items":{"$ref":"#/components/schemas/Meeting"}},
             "consents":{"type":"array","items":{"$ref":"#/components/schemas/Consent"}},
             "usage":{"type":"object"}
            }
           },
           "Lead":{
            "type":"object",
            "properties":{
             "id":{"type":"string","format":"uuid"},"contact_id":{"type":["string","null"]},
             "company_name":{"type":["string","null"]},"contact_person":{"type":["string","null"]},
             "email":{"type":["string","null"]},"phone":{"type":["string","null"]},"stage":{"type":"string"},
             "status_bucket":{"type":"string"},"qualification_status":{"type":"string"},
             "lead_score":{"type":"integer"},"budget":{"type":"string"},"authority":{"type":"string"},
             "need":{"type":"string"},"timeline":{"type":"string"},"qualification":{"type":"object"},
             "source":{"type":["string","null"]},"deal_value":{"type":["number","null"]},
             "currency":{"type":"string"},"win_probability":{"type":["integer","null"]},
             "expected_close_date":{"type":["string","null"]},"summary":{"type":["string","null"]},
             "created_at":{"type":["string","null"],"format":"date-time"},
             "updated_at":{"type":["string","null"],"format":"date-time"},
             "scores":{"type":"array","items":{"$ref":"#/components/schemas/Score"}},
             "follow_ups":{"type":"array","items":{"$ref":"#/components/schemas/FollowUp"}},
             "meetings":{"type":"array","items":{"$ref":"#/components/schemas/Meeting"}}
            }
           },
           "CustomerContext":{
            "type":"object",
            "properties":{
             "phone":{"type":"string"},"is_known":{"type":"boolean"},
             "contact_id":{"type":"string","format":"uuid"},"lead_id":{"type":"string","format":"uuid"},
             "name":{"type":"string"},"email":{"type":"string"},"company":{"type":"string"},
             "position":{"type":"string"},"status":{"type":"string"},"lead_score":{"type":"integer"},
             "lead_stage":{"type":"string"},"source":{"type":"string"},"notes":{"type":"string"},
             "open_deals":{
              "type":"array",
              "items":{
               "type":"object",
               "properties":{
                "title":{"type":"string"},"value":{"type":"number"},"currency":{"type":"string"},
                "stage":{"type":"string"}
               }
              }
             },
             "pending_tasks":{
              "type":"array",
              "items":{
               "type":"object",
               "properties":{"title":{"type":"string"},"due_date":{"type":"string"},"priority":{"type":"string"}}
              }
             },
             "last_contact_at":{"type":"string","format":"date-time"},
             "next_follow_up_at":{"type":"string","format":"date-time"},"do_not_contact":{"type":"boolean"},
             "summary":{"type":"string"}
            },
            "required":["phone","is_known","open_deals","pending_tasks","do_not_contact","summary"]
           }
          }
         }
        }
        """#
}
