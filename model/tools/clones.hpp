// SPDX-License-Identifier: MIT
#pragma once

/// Before a hot function: one clone of it a generation of x86-64, the best chosen at start.
///
///     ZOPA_CLONES std::uint64_t count_ones(std::span<const std::uint64_t> words) { … }
///
/// Only for functions of integers, or whose floating-point result decides nothing: all clones
/// return the same bits then. Empty where the compiler has no such clones, and under
/// ThreadSanitizer (with g++ 12 the two together crash before main).
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && !defined(__SANITIZE_THREAD__)
#define ZOPA_CLONES __attribute__((target_clones("default", "arch=x86-64-v3", "arch=x86-64-v4")))
#else
#define ZOPA_CLONES
#endif
