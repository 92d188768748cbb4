// The element's file, asked for once, when the first page needs it.
let loading: Promise<typeof import('referral-history')> | undefined;

export function loaded() {
  loading ??= import('referral-history').catch((error) => {
    // Whoever comes next may find the network back.
    loading = undefined;
    throw error;
  });
  return loading;
}
