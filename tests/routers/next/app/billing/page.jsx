export default function Page() {
  return <p>Billing</p>;
}
