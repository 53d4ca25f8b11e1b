import { configure } from "@testing-library/react";

// A busy machine takes its time to load a part of the page; no test waits longer than it must.
configure({ asyncUtilTimeout: 15_000 });
