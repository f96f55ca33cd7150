/**
 * How happy-dom makes a window in which no script runs and nothing is loaded: options of its `Window`.
 * Everybody who needs a document without a browser takes these.
 */
export const inertWindow: {
  readonly url: string;
  readonly settings: {
    readonly disableJavaScriptFileLoading: true;
    readonly disableCSSFileLoading: true;
    readonly navigation: {
      readonly disableMainFrameNavigation: true;
      readonly disableChildFrameNavigation: true;
    };
  };
} = {
  url: "http://localhost/",
  settings: {
    disableJavaScriptFileLoading: true,
    disableCSSFileLoading: true,
    navigation: { disableMainFrameNavigation: true, disableChildFrameNavigation: true },
  },
};
