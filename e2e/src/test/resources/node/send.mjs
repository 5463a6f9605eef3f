import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { BasicTracerProvider, BatchSpanProcessor } from '@opentelemetry/sdk-trace-base';

const [url, name, count] = process.argv.slice(2);
const exporter = new OTLPTraceExporter({ url });
const provider = new BasicTracerProvider({ spanProcessors: [new BatchSpanProcessor(exporter)] });
const tracer = provider.getTracer('e2e');
for (let i = 0; i < Number(count); i++) {
  tracer.startSpan(name).end();
}
await provider.forceFlush();
await provider.shutdown();
