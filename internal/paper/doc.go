// Package paper repeats the numerical experiments of the paper on Boltzmann
// generators, first as they are printed, then with enough data and a noise
// floor beside every distance, and writes figures, a table of every number and
// a report.
//
// All numbers but the times are a function of the seed and the budget, with
// any number of threads. Positions, samples and weights are the same bits on
// every CPU; distances and other summaries of them agree to rounding.
package paper
