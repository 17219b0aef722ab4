// SPDX-License-Identifier: MIT
//
// Nothing: the unit that the head of the tests is compiled with.
