package paper

import (
	"encoding/json"
	"math"
	"slices"
)

// Results holds every number of a run of the paper's experiments.
type Results struct {
	Quick      bool        `json:"quick"`
	Provenance Provenance  `json:"provenance"`
	DoubleWell *DoubleWell `json:"double_well,omitempty"`
	Alanine    *Alanine    `json:"alanine_dipeptide,omitempty"`
}

// Number is a float64 that JSON can hold even when it is not finite: then it
// is null there.
type Number float64

// MarshalJSON writes the number, or null.
func (n Number) MarshalJSON() ([]byte, error) {
	if v := float64(n); !math.IsNaN(v) && !math.IsInf(v, 0) {
		return json.Marshal(v)
	}
	return []byte("null"), nil
}

// Float is the number as it is.
func (n Number) Float() float64 { return float64(n) }

// Distance is a Wasserstein distance of order 2, given as such and as its
// square: POT's emd2 returns the square.
type Distance struct {
	W2      float64 `json:"w2"`
	Squared float64 `json:"w2_squared"`
}

func fromSquare(squared float64) Distance {
	return Distance{W2: math.Sqrt(squared), Squared: squared}
}

// Spread is a distance W2 measured again and again with other samples.
type Spread struct {
	Mean        float64   `json:"w2_mean"`
	SD          float64   `json:"w2_sd"`
	Min         float64   `json:"w2_min"`
	Max         float64   `json:"w2_max"`
	MeanSquared float64   `json:"w2_squared_mean"`
	SDSquared   float64   `json:"w2_squared_sd"`
	Values      []float64 `json:"w2_values"`
}

// spreadOf summarizes squared distances.
func spreadOf(squared []float64) Spread {
	var s Spread
	for _, v := range squared {
		s.Values = append(s.Values, math.Sqrt(v))
	}
	s.Mean, s.SD = meanAndSD(s.Values)
	s.MeanSquared, s.SDSquared = meanAndSD(squared)
	s.Min, s.Max = slices.Min(s.Values), slices.Max(s.Values)
	return s
}

// Within says whether a distance lies within twice the standard deviation of
// the mean of the spread.
func (s Spread) Within(w2 float64) bool { return math.Abs(w2-s.Mean) <= float64(2*s.SD) }

// meanAndSD returns the mean and the standard deviation of a sample; the
// latter is 0 for fewer than two numbers.
func meanAndSD[N int | float64](x []N) (mean, sd float64) {
	for _, v := range x {
		mean += float64(v)
	}
	mean /= float64(len(x))
	if len(x) < 2 {
		return mean, 0
	}
	var sum float64
	for _, v := range x {
		d := float64(v) - mean
		sum += float64(d * d)
	}
	return mean, math.Sqrt(sum / float64(len(x)-1))
}

// DoubleWell is the experiment of section 6.1.
type DoubleWell struct {
	Paper     Published `json:"paper"`
	Exact     Exact     `json:"exact"`
	Budget    Budget    `json:"budget"`
	AsPrinted AsPrinted `json:"as_printed"`
	DoneWell  DoneWell  `json:"done_well"`
	Floors    Floors    `json:"noise_floors"`
	Aims      []Aim     `json:"aims"`
	// LargestGap is the largest duality gap of all the distances in the plane,
	// relative to the squared distance: none is farther from the optimum.
	LargestGap float64 `json:"largest_relative_duality_gap"`
}

// Published are the numbers that section 6.1 of the paper prints. It doesn't
// say which of distance and square they are.
type Published struct {
	Timesteps   int     `json:"timesteps"`
	Parameters  int     `json:"parameters"`
	Samples     int     `json:"samples"`
	Joint       float64 `json:"w2_joint"`
	X1          float64 `json:"w2_x1"`
	X2          float64 `json:"w2_x2"`
	Average     float64 `json:"w2_average"`
	Transitions int     `json:"transitions"`
}

var published = Published{
	Timesteps: 600, Parameters: 7704, Samples: 10_000,
	Joint: 0.0993, X1: 0.0101, X2: 0.0036, Average: 0.0069, Transitions: 41,
}

// Exact are numbers of the Boltzmann distribution, by quadrature.
type Exact struct {
	Beta    float64 `json:"beta"`
	LogZ    float64 `json:"log_z"`
	Entropy float64 `json:"entropy_nats"`
	X1X1    float64 `json:"e_x1_squared"`
	X2X2    float64 `json:"e_x2_squared"`
	// SignChanges is the mean number of sign changes of x1 along 600 positions
	// of the Euler–Maruyama chain that starts from an exact draw, by its
	// transition kernel, and SignChangesSD the standard deviation of one run.
	SignChanges   float64 `json:"sign_changes_in_600"`
	SignChangesSD float64 `json:"sign_changes_in_600_sd"`
}

// Density compares a flow's density ρθ with the exact ρ.
type Density struct {
	// KL is ∫ ρ log(ρ/ρθ) in nats, by quadrature, and KLReverse ∫ ρθ log(ρθ/ρ)
	// as a mean over samples of the flow.
	KL        Number `json:"kl_nats"`
	KLReverse Number `json:"kl_reverse_nats"`
	// ESS is the effective sample size of importance sampling from ρθ to ρ,
	// as a share of the number of samples.
	ESS        Number `json:"ess"`
	ESSSamples int    `json:"ess_samples"`
	// LogZ is the estimate of log Z by the mean of the importance weights.
	LogZ Number `json:"log_z"`
	// Mass is the integral of ρθ over the grid of the quadrature; what it
	// lacks to 1 lies outside, or between the points.
	Mass Number `json:"mass_on_grid"`
}

// AsPrinted repeats the experiment as the paper prints it, several times.
type AsPrinted struct {
	Dt           float64      `json:"dt"`
	TrainSteps   int          `json:"train_steps"`
	LearningRate float64      `json:"learning_rate"`
	Runs         []PrintedRun `json:"runs"`
	// Dynamics is that of the first run's flow.
	Dynamics Dynamics `json:"dynamics"`
}

// PrintedRun is one trajectory of 600 steps, the flow trained on it, and
// 10,000 samples of that flow.
type PrintedRun struct {
	Parameters  int     `json:"parameters"`
	SignChanges int     `json:"sign_changes"`
	CoreChanges int     `json:"core_changes"`
	TrainLoss   float64 `json:"train_loss_nats"`
	NonFinite   int     `json:"non_finite_samples"` // left out of the distances
	// In-sample distances: generated samples against the trajectory that the
	// flow was trained on.
	Joint Distance `json:"joint"`
	X1    Distance `json:"x1"`
	X2    Distance `json:"x2"`
	// The share of the floor's repetitions, this one included, that are at least
	// as far apart. Near 1, noise was learnt by heart.
	JointP    float64 `json:"joint_p"`
	X1P       float64 `json:"x1_p"`
	X2P       float64 `json:"x2_p"`
	Average   float64 `json:"average_w2"`
	AverageSq float64 `json:"average_w2_squared"`
	// Perfect are the same tests with 10,000 exact draws in place of the
	// flow's: a distance below them means that noise was learnt by heart.
	PerfectJoint Distance `json:"perfect_generator_joint"`
	PerfectX1    Distance `json:"perfect_generator_x1"`
	PerfectX2    Distance `json:"perfect_generator_x2"`
	// Against the exact law: 10,000 exact draws, and exact quantiles.
	ExactJoint Distance `json:"against_exact_joint"`
	ExactX1    Distance `json:"against_exact_x1"`
	ExactX2    Distance `json:"against_exact_x2"`
	Density    Density  `json:"density"`
	// LearntSignChanges are those of Langevin dynamics in the learnt potential
	// from the same start with the same noise.
	LearntSignChanges int `json:"learnt_sign_changes"`
	LearntCoreChanges int `json:"learnt_core_changes"`
	// LearntLeft tells that it left the finite numbers, which ended the counts.
	LearntLeft bool `json:"learnt_left_the_finite_numbers"`
	// IndependentSignChanges are those of 600 independent samples in sequence.
	IndependentSignChanges int `json:"independent_sign_changes"`
}

// DoneWell trains the same network on enough data.
type DoneWell struct {
	Parameters   int     `json:"parameters"`
	Data         Data    `json:"data"`
	TrainSteps   int     `json:"train_steps"`
	Batch        int     `json:"batch"`
	LearningRate float64 `json:"learning_rate"`
	TrainSeconds float64 `json:"train_seconds"`
	HoldOutNLL   float64 `json:"hold_out_nll_nats"`
	// ExactNLL is the mean of -log ρ over the same data by the exact density:
	// no model can be expected to do better.
	ExactNLL float64 `json:"exact_nll_nats"`
	BestStep int     `json:"best_step"`

	Density Density `json:"density"`
	// Distances between samples of the flow and the exact law: as many exact
	// draws in the plane, exact quantiles for each coordinate.
	Joint Spread `json:"joint"`
	X1    Spread `json:"x1"`
	X2    Spread `json:"x2"`
	// One-sided p-values of their means against those of the noise floors, by
	// permutations of the repetitions.
	JointP float64 `json:"joint_p"`
	X1P    float64 `json:"x1_p"`
	X2P    float64 `json:"x2_p"`

	RoundTrip RoundTrip `json:"round_trip"`
	Lipschitz Lipschitz `json:"bi_lipschitz"`
	Dynamics  Dynamics  `json:"dynamics"`
	// SampleSeconds is the time that the generated samples took.
	SampleSeconds float64 `json:"sample_seconds"`
}

// Data is what the flow of DoneWell learnt from.
type Data struct {
	Samples     int     `json:"samples"`
	Replicas    int     `json:"replicas"`
	Scheme      string  `json:"scheme"`
	Dt          float64 `json:"dt"`
	BurnInTime  float64 `json:"burn_in_time"`
	SpacingTime float64 `json:"spacing_time"`
	HoldOut     float64 `json:"hold_out_share"`
	X1X1        float64 `json:"mean_x1_squared"`
	X2X2        float64 `json:"mean_x2_squared"`
	// Distances from the exact quantiles, of the last samples, as many as the
	// flow's marginals are tested with: their noise floor is that of these.
	X1 Distance `json:"against_exact_x1"`
	X2 Distance `json:"against_exact_x2"`
}

// RoundTrip is the error of F(F⁻¹(x)) = x in float32. It is small for any
// invertible map and says nothing about what the map has learnt: that of the
// flow before training is given beside it.
type RoundTrip struct {
	Trained   float64 `json:"trained"`
	Untrained float64 `json:"untrained"`
	Samples   int     `json:"samples"`
}

// Lipschitz are the local constants of the map F and of its inverse: the
// largest singular values of their Jacobians over the samples.
type Lipschitz struct {
	Map     float64 `json:"map"`
	Inverse float64 `json:"inverse"`
	Samples int     `json:"samples"`
}

// Floors are the noise floors: each test between two independent exact draws,
// or between exact draws and the exact quantiles.
type Floors struct {
	// Two exact clouds, of as many points as in the test of the flow done well;
	// one coordinate of an exact cloud against its exact quantiles.
	Joint Spread `json:"joint"`
	X1    Spread `json:"x1_against_quantiles"`
	X2    Spread `json:"x2_against_quantiles"`
	// 600 exact draws, or the 600 positions of a trajectory, against as many
	// exact draws as the flow as printed generates.
	Joint600      Spread `json:"joint_600"`
	Trajectory600 Spread `json:"joint_trajectory"`
	X1Trajectory  Spread `json:"x1_trajectory"`
	X2Trajectory  Spread `json:"x2_trajectory"`
}

// Dynamics compares transitions of the true dynamics with those of Langevin
// dynamics in the learnt potential −log ρθ.
type Dynamics struct {
	Runs      int     `json:"runs"`
	Positions int     `json:"positions_per_run"`
	Dt        float64 `json:"dt"`
	Core      float64 `json:"core"`
	Failed    int     `json:"runs_that_left_the_finite_numbers"`
	Sign      Pair    `json:"sign_changes"`
	CoreSet   Pair    `json:"core_changes"`
}

// Pair compares one kind of count.
type Pair struct {
	True       Count `json:"true"`
	Learnt     Count `json:"learnt_same_noise"`
	LearntFree Count `json:"learnt_own_noise"`
	// EqualShare is the share of runs in which both counts are equal, driven
	// by the same noise; EqualByChance the same between two independent
	// ensembles of the true dynamics.
	EqualShare    float64 `json:"equal_share"`
	EqualByChance float64 `json:"equal_share_by_chance"`
	// MeanDifference of the counts with the same noise, learnt less true, and
	// its standard error.
	MeanDifference   float64 `json:"mean_difference"`
	MeanDifferenceSE float64 `json:"mean_difference_se"`
	// SameLaw tests the counts of the true dynamics against those of the
	// learnt dynamics with noise of its own.
	SameLaw TwoSample `json:"same_law"`
}

// Count is the law of one count over the runs.
type Count struct {
	Mean   float64 `json:"mean"`
	SD     float64 `json:"sd"`
	Values []int   `json:"values"`
}

func countOf(values []int) Count {
	mean, sd := meanAndSD(values)
	return Count{Mean: mean, SD: sd, Values: values}
}

// Aim is a number that the experiment should reach.
type Aim struct {
	Name  string `json:"name"`
	Want  string `json:"want"`
	Value Number `json:"value"`
	Shown string `json:"shown"`
	Met   bool   `json:"met"`
}
