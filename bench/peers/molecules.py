"""Compares pushforward's molecules with OpenMM's.

Every program gets the same systems and configurations in the same run, on one
thread, in turns of 0.2 s; figures are medians of these turns. Before anything
is timed, energies and forces must agree.

    python molecules.py SERVER [--quick]

SERVER is the program built from ./molecules. The result is a table in Markdown.
"""

import argparse
import json
import pathlib
import statistics
import sys
import time

import numpy as np
import openmm
from openmm import app

from server import Server

SLICE = 0.2  # s of a turn
DT = 0.002  # ps
REPLICAS = 256
PARTICLES = 1000
MOLECULE = pathlib.Path(__file__).parents[2] / "md" / "molecules" / "alanine-dipeptide.json"

# Of each type: the platform that computes in it, and how far energies (relative)
# and forces (in units of the largest) may be from those of that platform.
AGREEMENT = {"float32": ("CPU", 1e-5, 1e-4), "float64": ("Reference", 1e-10, 1e-10)}


def context(system, platform, positions):
    """Its integrator serves dynamics; energies and forces do not depend on it."""
    integrator = openmm.LangevinMiddleIntegrator(300, 1, DT)
    integrator.setRandomNumberSeed(1)
    properties = {"Threads": "1"} if platform == "CPU" else {}
    c = openmm.Context(system, integrator, openmm.Platform.getPlatformByName(platform), properties)
    c.setPositions(positions)
    return c


def alanine_dipeptide(constraints):
    """OpenMM's own parameters, and the positions of the minimum."""
    data = json.loads(MOLECULE.read_text())
    topology = app.Topology()
    chain, atoms, residue, number = topology.addChain(), [], None, None
    for a in data["Atoms"]:
        if a["ResidueNumber"] != number:
            number = a["ResidueNumber"]
            residue = topology.addResidue(a["Residue"], chain)
        atoms.append(topology.addAtom(a["Name"], app.Element.getBySymbol(a["Element"]), residue))
    for b in data["Bonds"]:
        topology.addBond(atoms[b["I"]], atoms[b["J"]])
    field = app.ForceField("amber99sbildn.xml", "amber99_obc.xml")
    system = field.createSystem(topology, nonbondedMethod=app.NoCutoff, constraints=constraints, removeCMMotion=False)
    return system, np.array(data["Positions"])


def cluster(rng):
    """Particles of a disturbed lattice, and the parameters of each."""
    edge = round(PARTICLES ** (1 / 3))
    lattice = np.stack(np.meshgrid(*[0.35 * np.arange(edge)] * 3), -1).reshape(-1, 3)
    positions = lattice + rng.uniform(-0.03, 0.03, lattice.shape)
    n = len(positions)
    parameters = np.stack([rng.permutation(np.resize([0.4, -0.4], n)), rng.uniform(0.25, 0.35, n), rng.uniform(0.2, 1, n)], 1)
    force = openmm.NonbondedForce()
    system = openmm.System()
    for charge, sigma, epsilon in parameters.tolist():
        system.addParticle(1)
        force.addParticle(charge, sigma, epsilon)
    system.addForce(force)
    return system, positions, parameters


def state(c, positions):
    """Energy and forces of a configuration, as a user of NumPy gets them."""
    c.setPositions(positions)
    s = c.getState(energy=True, forces=True)
    return s.getPotentialEnergy()._value, s.getForces(asNumpy=True)._value


def states(c, configurations):
    energies, forces = zip(*(state(c, x) for x in configurations))
    return np.array(energies), np.array(forces)


def repeat(f, units):
    """Units a second of what f does, in a turn."""
    begin, done, seconds = time.perf_counter(), 0, 0
    while seconds < SLICE:
        f()
        done += units
        seconds = time.perf_counter() - begin
    return done / seconds


def with_arrays(c, configurations, units):
    return lambda: repeat(lambda: [state(c, x) for x in configurations], units * len(configurations))


def alone(c, units):
    """Without arrays that go from Python to OpenMM and back."""
    return lambda: repeat(lambda: c.getState(energy=True, forces=True), units)


def digits(value):
    return f"{value:,.0f}" if value >= 1000 else f"{value:.3g}"


class Table:
    def __init__(self, server, turns):
        self.server, self.turns = server, turns
        print(f"OpenMM {openmm.__version__}, NumPy {np.__version__}, one thread each; medians of {turns} turns of {SLICE} s\n")
        print("| problem | | pushforward | OpenMM | with arrays | alone | ratio |")
        print("| --- | --- | --- | --- | --- | --- | --- |", flush=True)

    def check(self, name, contexts, configurations, request):
        for kind, (platform, energy, force) in AGREEMENT.items():
            path = self.server.file(".npz")
            self.server.ask(**request, type=kind, out=path)
            ours = np.load(path)
            u, f = states(contexts[platform], configurations)
            du = (np.abs(ours["energies"] - u) / np.abs(u)).max()
            df = np.abs(ours["forces"].reshape(f.shape) - f).max() / np.abs(f).max()
            print(f"{name}, {kind} against {platform}: energies agree to {du:.1e}, forces to {df:.1e}", file=sys.stderr)
            if not (du <= energy and df <= force):
                sys.exit(f"{name}: {kind} and OpenMM's {platform} differ, want {energy:.0e} and {force:.0e}")

    def compare(self, name, scale, request, peers, pairs):
        """peers: platform -> functions that run a turn, the last one of OpenMM alone."""
        kinds = list(dict.fromkeys(kind for kind, _ in pairs))
        ours, theirs = {k: [] for k in kinds}, {p: [[] for _ in runs] for p, runs in peers.items()}
        for turn in range(-1, self.turns):  # the first one to warm up
            for kind in kinds:
                a = self.server.ask(**request, type=kind, seconds=SLICE)
                ours[kind].append(a["units"] / a["seconds"])
            for platform, runs in peers.items():
                for rates, run in zip(theirs[platform], runs):
                    rates.append(run())
        for kind, platform in pairs:
            rate = statistics.median(ours[kind][1:])
            medians = [statistics.median(rates[1:]) for rates in theirs[platform]]
            figures = " | ".join([""] * (2 - len(medians)) + [digits(scale * m) for m in medians])
            print(f"| {name} | {kind} | {digits(scale * rate)} | {platform} | {figures} | {rate / medians[-1]:.3g} |", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("server")
    parser.add_argument("--quick", action="store_true", help="fewer turns")
    options = parser.parse_args()
    server = Server(options.server)
    table = Table(server, 5 if options.quick else 8)
    platforms = ["Reference", "CPU"]
    everyone = [(kind, platform) for kind in AGREEMENT for platform in platforms]

    system, minimum = alanine_dipeptide(app.HBonds)
    moving = {p: context(system, p, minimum) for p in platforms}
    for c in moving.values():
        c.setVelocitiesToTemperature(300, 1)
    configurations = [minimum]
    for _ in range(REPLICAS - 1):
        moving["Reference"].getIntegrator().step(50)
        configurations.append(moving["Reference"].getState(positions=True).getPositions(asNumpy=True)._value.copy())

    system, _ = alanine_dipeptide(None)
    still = {p: context(system, p, minimum) for p in platforms}
    energies = {"do": "energies", "x": server.save(configurations)}
    table.check("alanine dipeptide", still, configurations, energies)

    system, positions, parameters = cluster(np.random.default_rng(1))
    large = {p: context(system, p, positions) for p in platforms}
    particles = {"do": "cluster", "x": server.save(positions), "parameters": server.save(parameters)}
    table.check("cluster", large, [positions], particles)

    def steps(c, n=100):
        return lambda: repeat(lambda: c.getIntegrator().step(n), n * DT * 1e-3)

    table.compare("alanine dipeptide, OBC, 2 fs, ns/day", 86400, {"do": "dynamics", "replicas": REPLICAS, "dt": DT},
                  {p: [steps(c)] for p, c in moving.items()}, everyone)
    table.compare("its energies and forces, 1,000/s", 1e-3, energies,
                  {p: [with_arrays(c, configurations, 1), alone(c, 1)] for p, c in still.items()}, everyone)
    pairs = PARTICLES * (PARTICLES - 1) / 2
    table.compare(f"{PARTICLES:,} particles, LJ + Coulomb with forces, million pairs/s", 1e-6, particles,
                  {p: [with_arrays(c, [positions], pairs), alone(c, pairs)] for p, c in large.items()},
                  [(kind, platform) for kind, (platform, _, _) in AGREEMENT.items()])


if __name__ == "__main__":
    main()
