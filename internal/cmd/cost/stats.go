package main

import "slices"

// A summary is the middle and the ends of a series.
type summary struct{ median, min, max float64 }

// summarise returns the summary of a series, which must not be empty. The
// median of an even number of values is the mean of the middle two.
func summarise(series []float64) summary {
	s := slices.Sorted(slices.Values(series))
	n := len(s)
	return summary{median: (s[(n-1)/2] + s[n/2]) / 2, min: s[0], max: s[n-1]}
}

// ratios divides the values of two series of equal length, round by round.
func ratios(a, b []float64) []float64 {
	out := make([]float64, len(a))
	for i := range a {
		out[i] = a[i] / b[i]
	}
	return out
}
