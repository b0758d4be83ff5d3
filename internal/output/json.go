package output

import (
	"encoding/json"
	"io"
)

// JSON writes the findings as one JSON object.
func JSON(w io.Writer, r *Report) error {
	return encode(w, struct {
		Findings []Finding `json:"findings"` // an empty list, not null
		Leaks    *Leaks    `json:"leaks,omitempty"`
	}{append([]Finding{}, r.Findings...), r.Leaks})
}

// encode writes v as JSON for people.
func encode(w io.Writer, v any) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false) // <-chan
	enc.SetIndent("", "\t")
	return enc.Encode(v)
}
