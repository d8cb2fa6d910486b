package paper

// Alanine is the experiment of section 6.2.
type Alanine struct {
	Paper     AlaninePublished `json:"paper"`
	Budget    AlanineBudget    `json:"budget"`
	AsPrinted AlaninePrinted   `json:"as_printed"`
	DoneWell  AlanineDoneWell  `json:"done_well"`
	Aims      []Aim            `json:"aims"`
	// LargestGap is the largest duality gap of all distances, relative to the
	// squared distance.
	LargestGap float64 `json:"largest_relative_duality_gap"`
}

// AlaninePublished are the numbers that section 6.2 of the paper prints.
type AlaninePublished struct {
	Trajectories int     `json:"trajectories"`
	Frames       int     `json:"frames"`
	Parameters   int     `json:"parameters"`
	Points       int     `json:"points"`
	W2           float64 `json:"w2_degrees"`
}

var alaninePublished = AlaninePublished{Trajectories: 6, Frames: 59_994, Parameters: 2316, Points: 1000, W2: 9.21}

// AlanineSimulation is a set of trajectories, and what they say.
type AlanineSimulation struct {
	Replicas    int     `json:"replicas"`
	Temperature float64 `json:"temperature_kelvin"`
	Friction    float64 `json:"friction_per_ps"`
	Dt          float64 `json:"time_step_ps"`
	Hydrogen    float64 `json:"hydrogen_mass_da"`
	BurnIn      float64 `json:"burn_in_ps"`
	Length      float64 `json:"length_ns"` // of each replica, after the burn-in
	Interval    float64 `json:"frame_interval_ps"`
	Frames      int     `json:"frames"`
	// Biased: under an energy of φ that takes the barrier before α_L away. Frames
	// have weights then, and are worth as many of equal ones as EffectiveFrames.
	Biased          bool    `json:"biased"`
	EffectiveFrames float64 `json:"effective_frames"`
	// MeanTemperature is that of the kinetic energy over the frames.
	MeanTemperature float64      `json:"mean_temperature_kelvin"`
	Populations     []Population `json:"populations"`
	Transitions     Transitions  `json:"transitions"` // of the trajectories as they are
	Seconds         float64      `json:"seconds"`
	NsPerDay        float64      `json:"ns_per_day"`
}

// AlanineTraining is a flow and how it was trained.
type AlanineTraining struct {
	Parameters   int     `json:"parameters"`
	Layers       int     `json:"layers"`
	Hidden       int     `json:"hidden"`
	Steps        int     `json:"steps"`
	Batch        int     `json:"batch"`
	LearningRate float64 `json:"learning_rate"`
	// Loss is the negative log-likelihood in nats: of the hold-out where there is
	// one, of the training data where not.
	Loss    float64 `json:"loss_nats"`
	Seconds float64 `json:"seconds"`
}

// AlanineGenerated is what a flow's samples are like.
type AlanineGenerated struct {
	NonFinite   int          `json:"non_finite_samples"`
	Outside     float64      `json:"share_outside_the_torus"`
	Populations []Population `json:"populations"`
}

// AlaninePrinted repeats the experiment as the paper prints it.
type AlaninePrinted struct {
	Simulation AlanineSimulation `json:"simulation"`
	Training   AlanineTraining   `json:"training"`
	Generated  AlanineGenerated  `json:"generated"`
	// Distances, in degrees, of 1,000 generated points from 1,000 frames: first the
	// torus, then the plane, where −π and π are far apart.
	Torus Spread `json:"torus"`
	Plane Spread `json:"plane"`
	// Their noise floors: 1,000 frames from 1,000 other frames of the same six
	// trajectories.
	TorusFloor Spread  `json:"torus_floor"`
	PlaneFloor Spread  `json:"plane_floor"`
	TorusP     float64 `json:"torus_p"`
	PlaneP     float64 `json:"plane_p"`
	// Trajectories are the distances between 1,000 frames of one trajectory and
	// 1,000 of another, for all pairs: they have not converged.
	Trajectories Spread `json:"between_trajectories"`
}

// AlanineFlow is a flow trained on the converged simulation, and its tests.
type AlanineFlow struct {
	Training  AlanineTraining  `json:"training"`
	Generated AlanineGenerated `json:"generated"`
	// Distances on the torus, in degrees, of generated points from frames, at two
	// sizes, and one-sided p-values of their means against the floors.
	Small  Spread  `json:"torus_small"`
	SmallP float64 `json:"torus_small_p"`
	Large  Spread  `json:"torus_large"`
	LargeP float64 `json:"torus_large_p"`
	// Variation is the total variation of histograms of generated points and of
	// frames.
	Variation  Range   `json:"total_variation"`
	VariationP float64 `json:"total_variation_p"`
}

// AlanineDoneWell trains on a simulation that has converged.
type AlanineDoneWell struct {
	Simulation AlanineSimulation `json:"simulation"`
	// Cut is where the torus is cut open for the flows, in degrees.
	Cut   [2]float64    `json:"cut_degrees"`
	Flows []AlanineFlow `json:"flows"`
	// Noise floors: frames from other frames of the same simulation.
	SmallFloor     Spread `json:"torus_small_floor"`
	LargeFloor     Spread `json:"torus_large_floor"`
	VariationFloor Range  `json:"total_variation_floor"`
	// Halves are the distances between frames of one half of the replicas and of
	// the other: what is left of the simulation's own error.
	Halves Spread `json:"torus_large_between_halves"`
}

// Range is a number measured again and again.
type Range struct {
	Mean   float64   `json:"mean"`
	SD     float64   `json:"sd"`
	Values []float64 `json:"values"`
}

func rangeOfValues(values []float64) Range {
	r := Range{Values: values}
	r.Mean, r.SD = meanAndSD(values)
	return r
}
