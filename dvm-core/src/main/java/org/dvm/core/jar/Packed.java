package org.dvm.core.jar;

/**
 * An entry's data, packed or stored.
 *
 * @param bytes the data; only the first {@code length} count
 * @param length the data's length in bytes
 * @param crc the CRC-32 of what was packed
 * @param size the size of what was packed in bytes
 */
record Packed(byte[] bytes, int length, long crc, long size) {}
