package output

import (
	"encoding/json"
	"io"
)

// JSON writes the findings as one JSON object.
func JSON(w io.Writer, r *Report) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false) // <-chan
	enc.SetIndent("", "\t")
	return enc.Encode(struct {
		Findings []Finding `json:"findings"` // an empty list, not null
		Leaks    *Leaks    `json:"leaks,omitempty"`
	}{append([]Finding{}, r.Findings...), r.Leaks})
}
