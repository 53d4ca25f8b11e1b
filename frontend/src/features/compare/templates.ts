/** Prompts to begin with: a short name, and what is asked. */
export const TEMPLATES: Record<string, string> = {
  "What happens": "Describe what happens in this video, with timestamps.",
  "Shot list":
    "List every shot with its start and end time (m:ss), its framing and what it shows. Use one table row for each shot.",
  "Find a moment": "At which times does … happen? Give each time as m:ss with one sentence of evidence.",
  "People and objects":
    "Which people and objects can be seen? For each, say when it first appears (m:ss) and what it does.",
  "Text on screen":
    "Write down all text that can be read in the picture, with the time at which it appears (m:ss).",
  "What is said":
    "Write down what is said, with the time of each sentence (m:ss). Mark what you are not sure of.",
  Summary:
    "Summarise this video in three sentences, then list its five most important moments with their times (m:ss).",
  "What is wrong":
    "List every defect of picture and sound (blur, shaking, noise, silence, cuts in the middle of a word) with its time (m:ss).",
};
