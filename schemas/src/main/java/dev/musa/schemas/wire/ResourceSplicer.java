package dev.musa.schemas.wire;

import java.util.Arrays;

/**
 * Extends the resources of a request and copies all else as it is, without a look at its items.
 *
 * <p>Not thread-safe and meant to be reused: what it allocates per request is the array that it
 * returns.
 */
public final class ResourceSplicer {
  /** The field of the request that holds a container, and of a container its resource. */
  private static final int FIRST_FIELD = 1;

  private final ResourceExtension extension;
  private final FieldReader request = new FieldReader();
  private final FieldReader container = new FieldReader();
  private final ResourceView resource = new ResourceView();
  private final AttributeEditor editor = new AttributeEditor();
  private final WireWriter scratch = new WireWriter();

  /** What the result consists of: ranges of the request, or {@code ~} of the scratch buffer. */
  private int[] from = new int[16];

  private int[] to = new int[16];
  private int ranges;

  /** Where the field of the resource starts that was located last. */
  private int resourceStart;

  /** Whether that is there, in one piece. */
  private boolean inPlace;

  public ResourceSplicer(ResourceExtension extension) {
    this.extension = extension;
  }

  /**
   * The request with its resources extended: the array itself if none is, else a new one.
   *
   * @throws MalformedOtlpException if it cannot be read as far as to its resources
   */
  public byte[] splice(byte[] bytes) {
    ranges = 0;
    scratch.clear();
    int copied = 0;
    request.reset(bytes, 0, bytes.length);
    while (request.next()) {
      if (request.field == FIRST_FIELD && request.wireType == FieldReader.LENGTH) {
        locate(bytes);
        editor.clear();
        extension.extend(resource, editor);
        if (!editor.isEmpty()) {
          addSource(copied, request.start);
          addContainer(bytes);
          copied = request.valueEnd;
        }
      }
    }
    if (ranges == 0) {
      return bytes;
    }
    addSource(copied, bytes.length);
    return assembled(bytes);
  }

  private void locate(byte[] bytes) {
    byte[] source = bytes;
    int start = 0;
    int end = 0;
    inPlace = false;
    container.reset(bytes, request.valueStart, request.valueEnd);
    while (container.next()) {
      if (isResource()) {
        if (start == end) {
          resourceStart = container.start;
          start = container.valueStart;
          end = container.valueEnd;
          inPlace = true;
        } else {
          inPlace = false;
          source =
              Merge.concat(source, start, end, bytes, container.valueStart, container.valueEnd);
          start = 0;
          end = source.length;
        }
      }
    }
    resource.set(source, start, end);
  }

  /** A container whose one resource stays where it is and gets longer. */
  private void addLonger() {
    int added = scratch.size();
    editor.writeAdditions(ResourceView.ATTRIBUTES, scratch);
    int header = scratch.size();
    int size = resource.end() - resource.start() + header - added;
    int begin = request.valueStart;
    // What was sent may have its length in more bytes than it takes.
    int content =
        resourceStart
            - begin
            + WireWriter.varintSize(FIRST_FIELD << 3)
            + WireWriter.varintSize(size)
            + size
            + request.valueEnd
            - resource.end();
    scratch.tag(FIRST_FIELD, FieldReader.LENGTH);
    scratch.varint(content);
    int inner = scratch.size();
    scratch.tag(FIRST_FIELD, FieldReader.LENGTH);
    scratch.varint(size);
    add(~header, ~inner);
    addSource(begin, resourceStart);
    add(~inner, ~scratch.size());
    addSource(resource.start(), resource.end());
    add(~added, ~header);
    addSource(resource.end(), request.valueEnd);
  }

  private boolean isResource() {
    return container.field == FIRST_FIELD && container.wireType == FieldReader.LENGTH;
  }

  private void addContainer(byte[] bytes) {
    if (inPlace && editor.onlyAdds()) {
      addLonger();
      return;
    }
    int begin = scratch.size();
    editor.write(
        resource.bytes(), resource.start(), resource.end(), ResourceView.ATTRIBUTES, scratch);
    scratch.prefixLength(FIRST_FIELD, begin);
    int header = scratch.size();
    int content = header - begin;
    int others = ranges + 2;
    ranges = others;
    container.reset(bytes, request.valueStart, request.valueEnd);
    int copied = request.valueStart;
    while (container.next()) {
      if (isResource()) {
        content += container.start - copied;
        addSource(copied, container.start);
        copied = container.valueEnd;
      }
    }
    content += request.valueEnd - copied;
    addSource(copied, request.valueEnd);
    scratch.tag(FIRST_FIELD, FieldReader.LENGTH);
    scratch.varint(content);
    ensure(others);
    set(others - 2, ~header, ~scratch.size());
    set(others - 1, ~begin, ~header);
  }

  private void addSource(int start, int end) {
    if (start < end) {
      add(start, end);
    }
  }

  /** Ranges of the scratch buffer that follow each other become one. */
  private void add(int start, int end) {
    if (ranges > 0 && start < 0 && to[ranges - 1] == start) {
      to[ranges - 1] = end;
      return;
    }
    ensure(ranges + 1);
    set(ranges++, start, end);
  }

  private void ensure(int size) {
    if (from.length < size) {
      from = Arrays.copyOf(from, size * 2);
      to = Arrays.copyOf(to, size * 2);
    }
  }

  private void set(int range, int start, int end) {
    from[range] = start;
    to[range] = end;
  }

  private byte[] assembled(byte[] bytes) {
    int size = 0;
    for (int i = 0; i < ranges; i++) {
      size += from[i] < 0 ? ~to[i] - ~from[i] : to[i] - from[i];
    }
    byte[] into = new byte[size];
    int at = 0;
    for (int i = 0; i < ranges; i++) {
      at = Containers.copyRange(from[i], to[i], bytes, scratch.bytes(), into, at);
    }
    return into;
  }
}
