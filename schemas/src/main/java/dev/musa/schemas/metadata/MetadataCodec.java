package dev.musa.schemas.metadata;

import static dev.musa.schemas.codec.ProtoBytes.nested;
import static dev.musa.schemas.codec.ProtoBytes.written;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.WireFormat;
import dev.musa.schemas.codec.ProtoBytes.Reading;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Writes and reads what stands on the metadata topic, as {@code metadata.proto} says. */
public final class MetadataCodec {
  private static final char SEPARATOR = '/';

  private static final int CLUSTER = 1;
  private static final int UID = 2;
  private static final int NAME = 3;
  private static final int NAMESPACE = 4;
  private static final int ADDRESSES = 5;
  private static final int HOST_NETWORK = 6;
  private static final int CREATED = 7;
  private static final int DELETED = 8;
  private static final int ATTRIBUTES = 9;
  private static final int CONTAINERS = 10;
  private static final int OWNERS = 11;
  private static final int NODE = 12;

  /** Of the messages that have two or three fields. */
  private static final int FIRST = 1;

  private static final int SECOND = 2;
  private static final int THIRD = 3;

  private MetadataCodec() {}

  /** The key of the record of a pod. */
  public static byte[] podKey(String cluster, String uid) {
    return (cluster + SEPARATOR + uid).getBytes(UTF_8);
  }

  /** The key of the record that says how far the watcher of a cluster has come. */
  public static byte[] watchKey(String cluster) {
    return podKey(cluster, "");
  }

  /** Whether this is the key of a pod; otherwise it is that of a cluster. */
  public static boolean isPodKey(byte[] key) {
    return key.length > 0 && key[key.length - 1] != SEPARATOR;
  }

  /** The cluster in the key of a pod or of a cluster. */
  public static String clusterOf(byte[] key) {
    String text = new String(key, UTF_8);
    return text.substring(0, Math.max(0, text.lastIndexOf(SEPARATOR)));
  }

  /** The uid in the key of a pod. */
  public static String uidOf(byte[] key) {
    String text = new String(key, UTF_8);
    return text.substring(text.lastIndexOf(SEPARATOR) + 1);
  }

  public static byte[] write(Pod pod) {
    return written(out -> {
      out.writeString(CLUSTER, pod.cluster());
      out.writeString(UID, pod.uid());
      out.writeString(NAME, pod.name());
      out.writeString(NAMESPACE, pod.namespace());
      out.writeString(NODE, pod.node());
      for (Pod.Address address : pod.addresses()) {
        nested(
            out,
            ADDRESSES,
            of -> {
              of.writeString(FIRST, address.ip());
              of.writeInt64(SECOND, address.fromUnixMilli());
              of.writeInt64(THIRD, address.untilUnixMilli());
            });
      }
      out.writeBool(HOST_NETWORK, pod.hostNetwork());
      out.writeInt64(CREATED, pod.createdUnixMilli());
      out.writeInt64(DELETED, pod.deletedUnixMilli());
      attributes(out, ATTRIBUTES, pod.attributes());
      for (Pod.Container container : pod.containers()) {
        nested(out, CONTAINERS, of -> container(of, container));
      }
      for (Pod.Owner owner : pod.owners()) {
        nested(
            out,
            OWNERS,
            of -> {
              of.writeString(FIRST, owner.kind());
              of.writeString(SECOND, owner.name());
              of.writeString(THIRD, owner.uid());
            });
      }
    });
  }

  /** Throws {@link MalformedMetadataException}. */
  public static Pod readPod(byte[] value) {
    return parsed("pod", value, MetadataCodec::pod);
  }

  public static byte[] writeWatch(long seenToUnixMilli) {
    return written(out -> out.writeInt64(FIRST, seenToUnixMilli));
  }

  /** Up to when a watcher had seen everything; throws {@link MalformedMetadataException}. */
  public static long readWatch(byte[] value) {
    return parsed(
        "watch",
        value,
        in -> {
          long seenTo = 0;
          for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            if (WireFormat.getTagFieldNumber(tag) == FIRST) {
              seenTo = in.readInt64();
            } else {
              in.skipField(tag);
            }
          }
          return seenTo;
        });
  }

  private static void container(CodedOutputStream out, Pod.Container container) throws IOException {
    out.writeString(FIRST, container.name());
    for (Pod.Run run : container.runs()) {
      nested(
          out,
          SECOND,
          of -> {
            of.writeString(FIRST, run.id());
            of.writeInt32(SECOND, run.restartCount());
          });
    }
    attributes(out, THIRD, container.attributes());
  }

  /** In one order, so that equal pods are equal bytes. */
  private static void attributes(CodedOutputStream out, int field, Map<String, String> attributes)
      throws IOException {
    for (Map.Entry<String, String> each : new TreeMap<>(attributes).entrySet()) {
      nested(
          out,
          field,
          of -> {
            of.writeString(FIRST, each.getKey());
            of.writeString(SECOND, each.getValue());
          });
    }
  }

  private static Pod pod(CodedInputStream in) throws IOException {
    String cluster = "";
    String uid = "";
    String name = "";
    String namespace = "";
    String node = "";
    boolean hostNetwork = false;
    long created = 0;
    long deleted = 0;
    List<Pod.Address> addresses = new ArrayList<>();
    Map<String, String> attributes = new HashMap<>();
    List<Pod.Container> containers = new ArrayList<>();
    List<Pod.Owner> owners = new ArrayList<>();
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      switch (WireFormat.getTagFieldNumber(tag)) {
        case CLUSTER -> cluster = in.readStringRequireUtf8();
        case UID -> uid = in.readStringRequireUtf8();
        case NAME -> name = in.readStringRequireUtf8();
        case NAMESPACE -> namespace = in.readStringRequireUtf8();
        case NODE -> node = in.readStringRequireUtf8();
        case ADDRESSES -> addresses.add(address(in.readBytes()));
        case HOST_NETWORK -> hostNetwork = in.readBool();
        case CREATED -> created = in.readInt64();
        case DELETED -> deleted = in.readInt64();
        case ATTRIBUTES -> attribute(in.readBytes(), attributes);
        case CONTAINERS -> containers.add(container(in.readBytes()));
        case OWNERS -> owners.add(owner(in.readBytes()));
        default -> in.skipField(tag);
      }
    }
    return new Pod(
        cluster,
        uid,
        name,
        namespace,
        node,
        addresses,
        hostNetwork,
        created,
        deleted,
        attributes,
        containers,
        owners);
  }

  private static Pod.Address address(ByteString bytes) throws IOException {
    CodedInputStream in = bytes.newCodedInput();
    String ip = "";
    long from = 0;
    long until = 0;
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      switch (WireFormat.getTagFieldNumber(tag)) {
        case FIRST -> ip = in.readStringRequireUtf8();
        case SECOND -> from = in.readInt64();
        case THIRD -> until = in.readInt64();
        default -> in.skipField(tag);
      }
    }
    return new Pod.Address(ip, from, until);
  }

  private static Pod.Container container(ByteString bytes) throws IOException {
    CodedInputStream in = bytes.newCodedInput();
    String name = "";
    List<Pod.Run> runs = new ArrayList<>();
    Map<String, String> attributes = new HashMap<>();
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      switch (WireFormat.getTagFieldNumber(tag)) {
        case FIRST -> name = in.readStringRequireUtf8();
        case SECOND -> runs.add(run(in.readBytes()));
        case THIRD -> attribute(in.readBytes(), attributes);
        default -> in.skipField(tag);
      }
    }
    return new Pod.Container(name, runs, attributes);
  }

  private static Pod.Run run(ByteString bytes) throws IOException {
    CodedInputStream in = bytes.newCodedInput();
    String id = "";
    int restarts = 0;
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      switch (WireFormat.getTagFieldNumber(tag)) {
        case FIRST -> id = in.readStringRequireUtf8();
        case SECOND -> restarts = in.readInt32();
        default -> in.skipField(tag);
      }
    }
    return new Pod.Run(id, restarts);
  }

  private static Pod.Owner owner(ByteString bytes) throws IOException {
    String[] fields = texts(bytes);
    return new Pod.Owner(fields[0], fields[1], fields[2]);
  }

  private static void attribute(ByteString bytes, Map<String, String> into) throws IOException {
    String[] fields = texts(bytes);
    into.put(fields[0], fields[1]);
  }

  /** The fields 1 to 3, which are strings. */
  private static String[] texts(ByteString bytes) throws IOException {
    CodedInputStream in = bytes.newCodedInput();
    String[] fields = {"", "", ""};
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      int field = WireFormat.getTagFieldNumber(tag);
      if (field >= FIRST && field <= THIRD) {
        fields[field - FIRST] = in.readStringRequireUtf8();
      } else {
        in.skipField(tag);
      }
    }
    return fields;
  }

  private static <T> T parsed(String what, byte[] value, Reading<T> reading) {
    try {
      return reading.from(CodedInputStream.newInstance(value));
    } catch (IOException e) {
      throw new MalformedMetadataException(
          "a %s of the metadata topic, %d bytes, cannot be read: %s"
              .formatted(what, value.length, e.getMessage()),
          e);
    }
  }
}
