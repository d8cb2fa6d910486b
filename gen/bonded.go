package main

// bonded are the kernels of bonds, angles and torsions, replicas in lanes.
var bonded []Kernel
