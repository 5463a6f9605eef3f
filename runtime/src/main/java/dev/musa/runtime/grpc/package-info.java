/** What servers and clients of gRPC share. */
@NullMarked
package dev.musa.runtime.grpc;

import org.jspecify.annotations.NullMarked;
