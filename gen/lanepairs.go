package main

// lanePairs are the kernels of Lennard-Jones and Coulomb pairs, replicas in lanes.
var lanePairs []Kernel
