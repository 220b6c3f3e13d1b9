-- What pages count among the requests and visits of all years is rare; it is found without reading the others.
CREATE INDEX request_lane ON request (lane, month, status) WHERE lane <> 'routine';
CREATE INDEX visit_filing_late ON visit (day) WHERE filing_late;
CREATE INDEX visit_filing_back_dated ON visit (day) WHERE filing_back_dated;
CREATE INDEX visit_late_reason ON visit (day) WHERE late_reason;
