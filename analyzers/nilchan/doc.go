// Package nilchan reports.
package nilchan
