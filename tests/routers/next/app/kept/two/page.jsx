export default function Page() {
  return <p>Two</p>;
}
