export default function Page() {
  return <referral-history />;
}
