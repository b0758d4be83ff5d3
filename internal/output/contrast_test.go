package output

import (
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// TestContrast holds the colours of the page to the contrast that WCAG 2.2 asks
// for, level AA: 4.5 for text, 3 for lines that mean something. Ratio and
// luminance are those of its definitions.
func TestContrast(t *testing.T) {
	text := [][2]string{
		{"ink", "page"}, {"ink", "card"}, {"ink", "code"}, {"soft", "page"}, {"soft", "card"}, {"accent", "card"},
		{"bad", "card"}, {"bad", "badpage"}, {"likely", "likelypage"},
	}
	lines := [][2]string{{"bad", "card"}, {"life", "card"}, {"accent", "page"}, {"accent", "card"}, {"soft", "page"}}
	blocks := strings.Split(pageStyle, "\tcolor-scheme: ")[1:]
	if len(blocks) != 3 {
		t.Fatalf("the style has %d sets of colours, want light, dark, and dark by preference", len(blocks))
	}
	for _, block := range blocks {
		scheme, rest, _ := strings.Cut(block, ";")
		body, _, _ := strings.Cut(rest, "}")
		colours := map[string]float64{}
		for _, m := range regexp.MustCompile(`--(\w+): #([0-9a-f]{6});`).FindAllStringSubmatch(body, -1) {
			colours[m[1]] = luminance(t, m[2])
		}
		check := func(pairs [][2]string, least float64) {
			for _, p := range pairs {
				a, ok1 := colours[p[0]]
				b, ok2 := colours[p[1]]
				if ratio := (max(a, b) + 0.05) / (min(a, b) + 0.05); !ok1 || !ok2 || ratio < least {
					t.Errorf("%s: %s on %s has a contrast of %.2f, want %.1f", scheme, p[0], p[1], ratio, least)
				}
			}
		}
		check(text, 4.5)
		check(lines, 3)
	}
}

// luminance returns the relative luminance of a colour, as six hexadecimal
// digits.
func luminance(t *testing.T, hex string) float64 {
	t.Helper()
	sum := 0.0
	for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
		n, err := strconv.ParseUint(hex[2*i:2*i+2], 16, 8)
		if err != nil {
			t.Fatal(err)
		}
		c := float64(n) / 255
		if c <= 0.04045 {
			c /= 12.92
		} else {
			c = math.Pow((c+0.055)/1.055, 2.4)
		}
		sum += weight * c
	}
	return sum
}
