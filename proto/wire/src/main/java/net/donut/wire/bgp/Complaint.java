package net.donut.wire.bgp;

/// What is wrong with the value of an attribute, and the subcode of RFC 4271 §6.3 for it.
record Complaint(int subcode, String message) {}
