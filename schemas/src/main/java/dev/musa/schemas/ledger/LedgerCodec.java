package dev.musa.schemas.ledger;

import static dev.musa.schemas.codec.ProtoBytes.nested;
import static dev.musa.schemas.codec.ProtoBytes.written;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.WireFormat;
import dev.musa.schemas.Signal;
import dev.musa.schemas.codec.ProtoBytes.Reading;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Writes and reads the values of the ledger topics, as {@code ledger.proto} says. */
public final class LedgerCodec {
  private static final int STAGE = 1;
  private static final int SIGNAL = 2;
  private static final int TOPIC = 3;
  private static final int PARTITION = 4;
  private static final int FROM_OFFSET = 5;
  private static final int TO_OFFSET = 6;
  private static final int RECORDS = 7;
  private static final int TAKEN = 8;
  private static final int OUTCOMES = 9;
  private static final int MISSING = 10;
  private static final int LAST_UNIX_MILLI = 11;
  private static final int EXPIRED = 12;

  private static final int LINE_TENANT = 1;
  private static final int LINE_OUTCOME = 2;
  private static final int LINE_REASON = 3;
  private static final int LINE_ITEMS = 4;
  private static final int LINE_BYTES = 5;

  private static final int SNAPSHOT_POSITION = 1;
  private static final int SNAPSHOT_ACCOUNTS = 2;

  private LedgerCodec() {}

  public static byte[] write(Entry entry) {
    return written(out -> entry(out, entry, 0, 0));
  }

  /** Throws {@link MalformedLedgerException}. */
  public static Entry readEntry(byte[] value) {
    return parsed(value, in -> entry(in).entry());
  }

  public static byte[] write(Snapshot snapshot) {
    return written(out -> {
      out.writeInt64(SNAPSHOT_POSITION, snapshot.position());
      for (AccountTotals each : snapshot.accounts()) {
        nested(
            out,
            SNAPSHOT_ACCOUNTS,
            of -> entry(of, each.sum(), each.missing(), each.lastUnixMilli()));
      }
    });
  }

  /** Throws {@link MalformedLedgerException}. */
  public static Snapshot readSnapshot(byte[] value) {
    return parsed(
        value,
        in -> {
          long position = 0;
          List<AccountTotals> accounts = new ArrayList<>();
          for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            switch (WireFormat.getTagFieldNumber(tag)) {
              case SNAPSHOT_POSITION -> position = in.readInt64();
              case SNAPSHOT_ACCOUNTS ->
                  accounts.add(entry(in.readBytes().newCodedInput()).totals());
              default -> in.skipField(tag);
            }
          }
          return new Snapshot(position, accounts);
        });
  }

  private static void entry(CodedOutputStream out, Entry entry, long missing, long lastUnixMilli)
      throws IOException {
    Account account = entry.account();
    out.writeString(STAGE, account.stage());
    out.writeString(SIGNAL, account.signal().label());
    out.writeString(TOPIC, account.topic());
    out.writeInt32(PARTITION, account.partition());
    out.writeInt64(FROM_OFFSET, entry.fromOffset());
    out.writeInt64(TO_OFFSET, entry.toOffset());
    out.writeInt64(RECORDS, entry.records());
    if (entry.expired() != 0) {
      out.writeInt64(EXPIRED, entry.expired());
    }
    for (Line line : entry.taken()) {
      nested(out, TAKEN, of -> line(of, line));
    }
    for (Line line : entry.outcomes()) {
      nested(out, OUTCOMES, of -> line(of, line));
    }
    if (missing != 0) {
      out.writeInt64(MISSING, missing);
    }
    if (lastUnixMilli != 0) {
      out.writeInt64(LAST_UNIX_MILLI, lastUnixMilli);
    }
  }

  private static void line(CodedOutputStream out, Line line) throws IOException {
    out.writeString(LINE_TENANT, line.tenant());
    out.writeString(LINE_OUTCOME, line.outcome());
    out.writeString(LINE_REASON, line.reason());
    out.writeInt64(LINE_ITEMS, line.items());
    out.writeInt64(LINE_BYTES, line.bytes());
  }

  private record ReadEntry(Entry entry, long missing, long lastUnixMilli) {
    AccountTotals totals() {
      return AccountTotals.of(entry, missing, lastUnixMilli);
    }
  }

  private static ReadEntry entry(CodedInputStream in) throws IOException {
    String stage = "";
    String signal = "";
    String topic = "";
    int partition = 0;
    long from = 0;
    long to = 0;
    long records = 0;
    long expired = 0;
    long missing = 0;
    long last = 0;
    List<Line> taken = new ArrayList<>();
    List<Line> outcomes = new ArrayList<>();
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      switch (WireFormat.getTagFieldNumber(tag)) {
        case STAGE -> stage = in.readStringRequireUtf8();
        case SIGNAL -> signal = in.readStringRequireUtf8();
        case TOPIC -> topic = in.readStringRequireUtf8();
        case PARTITION -> partition = in.readInt32();
        case FROM_OFFSET -> from = in.readInt64();
        case TO_OFFSET -> to = in.readInt64();
        case RECORDS -> records = in.readInt64();
        case TAKEN -> taken.add(line(in.readBytes()));
        case OUTCOMES -> outcomes.add(line(in.readBytes()));
        case EXPIRED -> expired = in.readInt64();
        case MISSING -> missing = in.readInt64();
        case LAST_UNIX_MILLI -> last = in.readInt64();
        default -> in.skipField(tag);
      }
    }
    Account account = new Account(stage, signal(signal), topic, partition);
    return new ReadEntry(
        new Entry(account, from, to, records, expired, taken, outcomes), missing, last);
  }

  private static Signal signal(String label) {
    return Arrays.stream(Signal.values())
        .filter(signal -> signal.label().equals(label))
        .findFirst()
        .orElseThrow(() ->
            new MalformedLedgerException(
                "signal of a ledger entry: '" + label + "' (expected: traces, logs or metrics)"));
  }

  private static Line line(ByteString bytes) throws IOException {
    CodedInputStream in = bytes.newCodedInput();
    String tenant = "";
    String outcome = "";
    String reason = "";
    long items = 0;
    long size = 0;
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      switch (WireFormat.getTagFieldNumber(tag)) {
        case LINE_TENANT -> tenant = in.readStringRequireUtf8();
        case LINE_OUTCOME -> outcome = in.readStringRequireUtf8();
        case LINE_REASON -> reason = in.readStringRequireUtf8();
        case LINE_ITEMS -> items = in.readInt64();
        case LINE_BYTES -> size = in.readInt64();
        default -> in.skipField(tag);
      }
    }
    return new Line(tenant, outcome, reason, items, size);
  }

  private static <T> T parsed(byte[] value, Reading<T> reading) {
    try {
      return reading.from(CodedInputStream.newInstance(value));
    } catch (IOException | IllegalArgumentException e) {
      throw new MalformedLedgerException("not a record of the ledger: " + e.getMessage(), e);
    }
  }
}
