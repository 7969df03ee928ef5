// The constants by which tilings and schedules are chosen, beside the cost model's figures. None of them changes a
// result.
//
// Each has its unit and its reason. Those that are no bound of the effort were found on the rows of
// tests/bench/figures.py for rbln-ca22, and the search's on products of tests/bench/regret.py; which rows a change of
// one of them moves has not been measured one by one.
#pragma once

#include <cstddef>
#include <cstdint>

namespace rblnc::plan::tuning {

// ---- Search: how much planning a kernel is worth ----

/// Device commands of all plans that are made to compare their modelled times. A plan takes 5 to 10 microseconds for
/// each of its commands, so that this is a few hundredths of a second at most; larger kernels take what the estimate
/// prefers.
constexpr size_t searchedCommands = 1024;
/// Plans that are made and compared, at most: the estimate's best ones.
constexpr size_t searchedPlans = 16;
/// Plans whose estimate is this many times that of the best are not made: the estimate is not that far off.
constexpr double searchedEstimate = 1.6;
/// A plan must take less than this share of the time of the one that the estimate prefers: what differs by less differs
/// by what the model does not know.
constexpr double leastImprovement = 0.99;
/// Ways to lay a kernel's main operations over the engines whose rounds are tried out: the estimate's best ones.
constexpr size_t searchedSpatialTilings = 12;
/// Estimates that are made for the search, times operations that each goes through: about a thousandth of a second.
constexpr size_t searchedEstimates = 1 << 15;

// ---- Tiling: engines ----

/// Seconds that a cut must save: one transfer's set-up on the known chips, since less is not worth the commands.
constexpr double leastGainSeconds = 5e-7;
/// A second class must be in this share of the first one's work: below, more of the kernel would be done twice than
/// gains from it.
constexpr double leastShare = 0.5;
/// Share of work that counts as the same: then the class whose parts lie furthest apart in memory is cut first.
constexpr double nearlyAll = 0.9;
/// Classes other than those that share least must take this share of the time, or less, to be cut instead: the estimate
/// does not see everything that sharing costs.
constexpr double leastShareOfOther = 0.75;
/// Classes that are tried out for other tilings, and for rounds: work grows with the square.
constexpr size_t mostClasses = 6;
/// Element-wise operations that become one vector program, about: each counts this part of a set-up.
constexpr double operationsOfVector = 4;
/// Bytes of a load from which on engines that need the same block share one transfer from DRAM: below, another trip
/// through shared SRAM costs more than reading it again.
constexpr int64_t leastStagedBytes = 16 << 10;

// ---- Tiling: rounds ----

/// Rounds must gain this share of the time as well as leastGainSeconds: fewer commands for the same time are better.
constexpr double leastGainOfRounds = 0.02;
/// Rounds of the outer of two classes, at most: more of them read what they share too often.
constexpr int64_t mostOuterRounds = 16;
/// Rounds of all classes, at most: more are commands without end.
constexpr int64_t mostRounds = 1024;
/// An excess of the scratchpad that is at most this many times the least counts as the least: then fewer rounds decide.
constexpr double nearlyLeast = 1.1;
/// Classes that are tiled one after the other, at most, until an engine's part fits.
constexpr size_t mostTiledClasses = 6;
/// Summed classes that are tried out, at most.
constexpr size_t mostSummedClasses = 6;
/// Values that one value stands for in the estimate of lives; beyond this many the rest is left out.
constexpr size_t mostSources = 16;
/// Shares of the scratchpad that an engine's values may take by the estimate, tried one after the other while something
/// spills: the estimate knows neither what packing costs nor how far loads run ahead.
constexpr double scratchpadShares[] = {1, 0.75, 0.55, 0.4, 0.3, 0.2};

// ---- Tiling: order of rounds ----

/// Pairs of parts of two operations that are compared one by one; beyond that, one waits for all parts of the other.
constexpr size_t mostPairs = size_t{1} << 16;
/// Transfers of one array that are compared with each other; beyond that, they keep their order.
constexpr size_t mostTransfers = 1024;

// ---- Schedule ----

/// Bytes of an array from which on its parts are loaded one by one: a transfer's set-up on the known chips moves about
/// as much when all engines load.
constexpr int64_t smallArrayBytes = 4096;
/// Segments (large loads of a queue) that a small command goes up, at most, so that its buffer does not live for ever.
constexpr size_t segmentsAhead = 4;
/// Elements of a vector program from which on it is no small command.
constexpr int64_t smallElements = 16;
/// A load is large when it takes as long as this many set-ups with every engine loading: only then a cut is hidden.
constexpr double setupsOfLargeLoad = 8;
/// Large loads of a queue from which on it is staggered: the cut costs a set-up itself.
constexpr size_t fewestStaggeredLoads = 4;
/// Set-ups by which engines are shifted against each other: the next load waits for a semaphore as well.
constexpr double setupsBetweenEngines = 0.5;
/// Share of the scratchpad that an engine's large loads may take all together for it to have room to load ahead.
constexpr double mostShareOfLoads = 0.3;
/// Loads of a queue that are in shared SRAM, or on their way there, before the first of them is read.
constexpr size_t stagesAhead = 4;
/// Loads into shared SRAM from which on they stream: fewer would only take bandwidth from what is needed first.
constexpr size_t fewestStages = 8;
/// A queue is busy that stores more than this share of what would be loaded by it.
constexpr double busyShare = 0.25;
/// Commands that a load into shared SRAM goes up over, at most: the walk takes time.
constexpr size_t mostCommandsAbove = 4096;

} // namespace rblnc::plan::tuning
