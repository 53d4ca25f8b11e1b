// @vitest-environment jsdom
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { SendReport } from "@/features/videos/sender";
import { uploads } from "@/features/videos/uploads";

const MB = 1_000_000;
const { reports } = vi.hoisted(() => ({ reports: [] as SendReport[] }));

vi.mock("@/features/videos/create-sender", () => ({
  createSender: async (_: File, report: SendReport) => {
    reports.push(report);
    return { start: () => {}, pause: () => {}, stop: () => {} };
  },
}));

beforeEach(() => vi.useFakeTimers({ toFake: ["Date"] }));

afterEach(() => vi.useRealTimers());

const later = (seconds: number) => vi.setSystemTime(Date.now() + 1_000 * seconds);
const speed = () => uploads.snapshot()[0]?.speed;

test("after a break the pace is that of the new try, not of the old one and the time between", async () => {
  const file = new File([], "film.mp4");
  Object.defineProperty(file, "size", { value: 100 * MB });
  uploads.add([file]);
  await vi.waitFor(() => expect(reports).toHaveLength(1));
  const [report] = reports as [SendReport];
  report.started();
  report.sent(0);
  later(10);
  report.sent(50 * MB);
  expect(speed()).toBe(5 * MB);
  report.stalled();
  later(60);
  report.started();
  expect(speed()).toBeNull();
  report.sent(40 * MB);
  later(2);
  report.sent(44 * MB);
  expect(speed()).toBe(2 * MB);
  // A try that breaks off and goes on at once, without a stall in between, begins to count anew too.
  report.started();
  report.sent(42 * MB);
  later(2);
  report.sent(52 * MB);
  expect(speed()).toBe(5 * MB);
});
